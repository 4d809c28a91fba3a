//! Only requests that name this machine are answered: a page of another site, reaching the server
//! by a name it made point here, is not.

use tests::http::ask;

use super::Site;

#[test]
fn foreign_names_are_refused() {
    let site = Site::with_plan();
    let port = site.server.port;
    for host in
        ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.168.1.7", "0.0.0.0"]
    {
        for path in ["/", "/stops.csv", "/healthz", "/nothing"] {
            let answer = ask(port, "GET", path, host).unwrap();
            assert_eq!(answer.status, 403, "{host}{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json().unwrap()["code"], "foreign_host");
            assert!(!answer.body.contains("C1"), "{}", answer.body);
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        }
    }
    for host in ["localhost".to_owned(), format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(ask(port, "GET", "/", &host).unwrap().status, 200, "{host}");
    }
    // A forwarded name does not stand in for the real one.
    let sneaky = "evil.example\r\nX-Forwarded-Host: localhost\r\nForwarded: host=localhost";
    assert_eq!(ask(port, "GET", "/", sneaky).unwrap().status, 403);
}
