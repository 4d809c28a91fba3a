//! Every command explains itself.

use super::Folder;

const COMMANDS: [&[&str]; 51] = [
    &["demo"],
    &["init"],
    &["migrate"],
    &["roads"],
    &["roads", "build"],
    &["roads", "info"],
    &["roads", "profile"],
    &["roads", "find"],
    &["roads", "matrix"],
    &["roads", "route"],
    &["roads", "nearest"],
    &["import"],
    &["score"],
    &["territories"],
    &["plan"],
    &["plan", "export-instance"],
    &["plan", "explain"],
    &["plan", "compare"],
    &["plan", "edit"],
    &["plan", "what-if"],
    &["plan", "replan"],
    &["serve"],
    &["user"],
    &["user", "add"],
    &["user", "list"],
    &["user", "disable"],
    &["user", "password"],
    &["device"],
    &["device", "enrol"],
    &["device", "list"],
    &["device", "revoke"],
    &["audit"],
    &["audit", "verify"],
    &["audit", "export"],
    &["worker"],
    &["publish"],
    &["allocate"],
    &["export"],
    &["export", "ops"],
    &["bench"],
    &["bench", "sync"],
    &["bench", "roads"],
    &["bench", "planner"],
    &["phone"],
    &["phone", "dump"],
    &["visits"],
    &["visits", "import"],
    &["payments"],
    &["payments", "import"],
    &["economics"],
    &["restored"],
];

#[test]
fn every_help_has_an_example() {
    let folder = Folder::empty();
    for command in COMMANDS {
        let help = folder.doorstep.ok(&[command, &["--help"]].concat()).unwrap();
        let example = format!("doorstep {}", command.join(" "));
        let examples = help.split("Example").nth(1).unwrap_or("");
        assert!(examples.contains(&example), "no example of `{example}`:\n{help}");
    }
    assert!(!folder.data().exists(), "help makes nothing");
}

/// A command that is new is in the list above.
#[test]
fn the_list_of_commands_is_complete() {
    let folder = Folder::empty();
    let parents = [
        "roads", "plan", "user", "device", "audit", "export", "bench", "phone", "visits",
        "payments",
    ];
    let parents = parents.map(|name| vec![name]);
    for parent in std::iter::once(&Vec::new()).chain(&parents) {
        let help = folder.doorstep.ok(&[&parent[..], &["--help"]].concat()).unwrap();
        let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let shown: Vec<&str> = lines
            .take_while(|line| !line.is_empty())
            .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .collect();
        assert!(!shown.is_empty(), "{help}");
        for name in shown {
            let command = [&parent[..], &[name]].concat();
            assert!(COMMANDS.contains(&command.as_slice()), "{command:?} is not tested");
        }
    }
}

#[test]
fn what_is_mistyped_is_explained() {
    let folder = Folder::empty();
    let done = folder.doorstep.run(&["scroe"]).unwrap();
    assert_eq!(done.code(), Some(2));
    assert!(done.err.contains("score"), "{}", done.err);
    let init = ["init", "--currency", "XXQ", "--time-zone", "Mars/Base"];
    let done = folder.doorstep.run(&init).unwrap();
    assert_eq!(done.code(), Some(2));
    assert!(done.err.contains("XXQ"), "{}", done.err);
    let done = folder.doorstep.run(&["plan", "--date", "23.11.2026"]).unwrap();
    assert_eq!(done.code(), Some(2));
    assert!(done.err.contains("23.11.2026"), "{}", done.err);
}
