//! Which tokens are believed.

use super::*;

const NOW: i64 = 1_800_000_000;

fn org() -> OrgId {
    OrgId::from_parts(1, [1; 10])
}

fn claims() -> Claims {
    Claims {
        sub: UserId::from_parts(1, [2; 10]),
        org: org(),
        role: "agent".into(),
        dev: Some(7),
        sid: Some(Uuid::from_bytes([5; 16])),
        iat: NOW,
        exp: NOW + 900,
    }
}

fn tokens() -> Tokens {
    Tokens::new(&[3; 32])
}

#[test]
fn what_was_signed_is_read_until_it_expires() {
    let token = tokens().issue(&claims()).unwrap();
    assert_eq!(tokens().check(&token, org(), NOW).unwrap(), claims());
    assert_eq!(tokens().check(&token, org(), NOW + 899).unwrap(), claims());
    assert!(matches!(tokens().check(&token, org(), NOW + 900), Err(TokenError::OutOfTime)));
    assert!(tokens().check(&token, org(), NOW - 60).is_ok(), "another server's clock");
    assert!(matches!(tokens().check(&token, org(), NOW - 61), Err(TokenError::OutOfTime)));
    let foreign = OrgId::from_parts(1, [9; 10]);
    assert!(matches!(tokens().check(&token, foreign, NOW), Err(TokenError::Foreign)));
}

#[test]
fn the_bytes_of_a_token_are_those_of_the_standard() {
    // The header of RFC 8037, appendix A.4, with the type added.
    let token = tokens().issue(&claims()).unwrap();
    assert!(token.starts_with("eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9."), "{token}");
    assert_eq!(token, tokens().issue(&claims()).unwrap(), "Ed25519 has no randomness");
}

#[test]
fn other_keys_algorithms_and_changed_bytes_are_refused() {
    let token = tokens().issue(&claims()).unwrap();
    let other = Tokens::new(&[4; 32]).issue(&claims()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let parts: [&str; 3] = parts.try_into().unwrap();
    // {"alg":"none"}, {"typ":"JWT","alg":"HS256"}
    let none = "eyJhbGciOiJub25lIn0";
    let hmac = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";
    let later = tokens().issue(&Claims { exp: NOW + 9_000, ..claims() }).unwrap();
    let later = later.split('.').nth(1).unwrap();
    for bad in [
        other,
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{hmac}.{}.{}", parts[1], parts[2]),
        format!("{}.{later}.{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{token}A"),
        String::new(),
        "Bearer".into(),
    ] {
        let refused = tokens().check(&bad, org(), NOW);
        assert!(matches!(refused, Err(TokenError::Broken(_))), "{bad}: {refused:?}");
    }
}
