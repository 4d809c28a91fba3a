//! The page in a real browser.

use std::collections::BTreeSet;

use tests::browser;

use super::Site;

#[test]
fn the_page_works_in_a_browser() {
    let site = Site::with_plan();
    let url = format!("http://127.0.0.1:{}/", site.server.port);
    let Some(seen) = browser::open(&url).unwrap() else { return };
    assert_eq!(seen.console, Vec::<String>::new());
    let stops = site.get("/stops.csv").body;
    let agents: BTreeSet<&str> =
        stops.lines().skip(1).filter_map(|l| l.split(',').nth(4)).collect();
    assert!(!agents.is_empty());
    let table = seen.dom.split("<table").nth(1).and_then(|rest| rest.split("</table>").next());
    let table = table.expect("no table of routes");
    for agent in agents {
        assert!(table.contains(agent), "{agent} is not in the table of routes: {table}");
    }
    let map = seen.dom.split("<svg").nth(1).expect("no map");
    assert!(map.contains("<path") || map.contains("<polyline"), "the map is empty");
    assert!(seen.dom.contains("&lt;script&gt;alert(1)"), "names are text");
}

#[test]
fn the_page_of_economics_works_in_a_browser() {
    let site = Site::with_plan();
    site.visits();
    let url = format!("http://127.0.0.1:{}/economics.html", site.server.port);
    let Some(seen) = browser::open(&url).unwrap() else { return };
    assert_eq!(seen.console, Vec::<String>::new());
    let map = seen.dom.split("<svg").nth(1).expect("no map");
    assert!(map.contains("<path"), "the map is empty");
    let tables = seen.dom.split("<table").skip(1);
    let texts: Vec<&str> = tables.filter_map(|rest| rest.split("</table>").next()).collect();
    assert!(texts.iter().any(|table| table.contains("240.00")), "nothing recovered: {texts:?}");
}

/// The check above can fail: a page that breaks its own policy and one with a broken script.
#[test]
fn violations_reach_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let head = "<!DOCTYPE html><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; script-src 'unsafe-inline'\">";
    for (name, body) in [
        ("image.html", "<img src=\"http://127.0.0.1:9/x.png\">"),
        ("style.html", "<p style=\"color: red\">red</p>"),
        ("script.html", "<script>nobody.knows.this()</script>"),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, format!("{head}{body}")).unwrap();
        let Some(seen) = browser::open(&format!("file://{}", file.display())).unwrap() else {
            return;
        };
        assert_eq!(seen.console.len(), 1, "{name}: {:?}", seen.console);
    }
}
