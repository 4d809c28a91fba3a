//! Which bearer tokens are believed.

use server::tokens::{Claims, Tokens};
use sync_core::model::{OrgId, UserId};
use tests::api::Site;
use tests::database::Database;
use tests::installation::NOW;

use super::refused;

#[test]
fn only_tokens_of_this_server_are_believed() {
    let site = Site::sqlite().unwrap();
    let admin = site.admin().unwrap();
    assert_eq!(admin.get("/users").unwrap().status, 200);
    let token = admin.token.clone().unwrap();
    let now: jiff::Timestamp = NOW.parse().unwrap();
    let org = OrgId::try_from(site.office.app.org).unwrap();
    let tokens = site.office.app.tokens().unwrap();
    let claims = tokens.check(&token, org, now.as_second()).unwrap();
    assert_eq!(claims.role, "admin");

    let good = tokens.issue(&claims).unwrap();
    assert_eq!(admin.with_token(&good).get("/users").unwrap().status, 200, "the test can pass");
    let with = |change: &dyn Fn(&mut Claims)| {
        let mut claims = claims.clone();
        change(&mut claims);
        tokens.issue(&claims).unwrap()
    };
    let parts: Vec<&str> = token.split('.').collect();
    // {"typ":"JWT","alg":"none"} and {"alg":"HS256"}, in base64url.
    let unsigned = "eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0";
    let hmac = "eyJhbGciOiJIUzI1NiJ9";
    for (what, bad) in [
        ("nothing", String::new()),
        ("no token", "x".into()),
        ("another key", Tokens::new(&[7; 32]).issue(&claims).unwrap()),
        ("no signature", format!("{unsigned}.{}.", parts[1])),
        ("another algorithm", format!("{hmac}.{}.{}", parts[1], parts[2])),
        ("expired", with(&|c| c.exp = now.as_second())),
        ("of tomorrow", with(&|c| c.iat += 86_400)),
        ("another organisation", with(&|c| c.org = OrgId::from_parts(1, [9; 10]))),
        ("nobody", with(&|c| c.sub = UserId::from_parts(1, [9; 10]))),
        ("without a session", with(&|c| c.sid = None)),
        ("no such session", with(&|c| c.sid = Some(uuid_of([9; 16])))),
        ("no such device", with(&|c| c.dev = Some(77))),
        ("a refresh token", admin.refresh_token.clone().unwrap()),
    ] {
        let answer = admin.with_token(&bad).get("/users").unwrap();
        assert_eq!(answer.status, 401, "{what}: {}", answer.body);
        refused(&answer, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    // The role in the token is a courtesy; what counts is the database.
    let agent = site.client(server::usecases::access::Role::Agent).unwrap();
    let theirs = tokens.check(&agent.token.clone().unwrap(), org, now.as_second()).unwrap();
    let raised = tokens.issue(&Claims { role: "admin".into(), ..theirs }).unwrap();
    refused(&agent.with_token(&raised).get("/users").unwrap(), 403, "role_forbidden");
}

fn uuid_of(bytes: [u8; 16]) -> uuid::Uuid {
    uuid::Uuid::from_bytes(bytes)
}

#[test]
fn the_key_is_private_and_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let database = Database::sqlite().unwrap();
    let site = Site::new(&database).unwrap();
    let admin = site.admin().unwrap();
    let key = database.dir().join("secrets").join("token.key");
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // Another server of the same installation believes the token.
    let other = site.later(std::time::Duration::from_secs(60), 1).unwrap();
    assert_eq!(other.as_client(&admin).get("/me").unwrap().status, 200);

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let app = site.app_later(std::time::Duration::ZERO, 1).unwrap();
    let error = app.tokens().unwrap_err().to_string();
    assert!(error.contains("token.key") && error.contains("chmod 600"), "{error}");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&key, "00").unwrap();
    let error = app.tokens().unwrap_err().to_string();
    assert!(error.contains("64 hexadecimal"), "{error}");
}
