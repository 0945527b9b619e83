//! Credentials: a token, and a file of credentials as an operator gives it out.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use data_encoding::BASE64URL_NOPAD;
use helpdesk_work::Work;
use helpdesk_work_nats::{NatsWork, NatsWorkConfig};
use nkeys::KeyPair;
use serde_json::{Value, json};
use treenail::State;

use crate::app::{start, until};
use crate::server::{Server, at, given};

#[tokio::test]
async fn a_wrong_credential_ends_the_start_with_words_that_do_not_show_it() {
    let Some(server) = Server::with_token("refuses", "opensesame-4711").await else {
        return;
    };
    let with = |token: Option<&str>| NatsWorkConfig {
        token: token.map(Into::into),
        ..at(server.address())
    };
    let right = NatsWork::open(with(Some("opensesame-4711"))).await;
    right.expect("opened");
    for token in [Some("wrong-0815"), None] {
        let error = NatsWork::open(with(token)).await.err().expect("refused");
        let words = error.to_string();
        assert!(words.contains("refuses the credentials"), "{error:?}");
        for secret in ["wrong-0815", "opensesame-4711"] {
            assert!(!format!("{words} {error:?}").contains(secret), "{error:?}");
        }
    }
}

/// Who gives out credentials for one account.
struct Operator {
    account: KeyPair,
    /// What the server is told of both.
    configuration: String,
}

impl Operator {
    fn new() -> Self {
        let (operator, system) = (KeyPair::new_operator(), KeyPair::new_account());
        let account = KeyPair::new_account();
        let limits = json!({
            "subs": -1, "conn": -1, "leaf": -1, "imports": -1, "exports": -1, "data": -1, "payload": -1,
            "wildcards": true, "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1,
        });
        let of = |subject: &KeyPair, limits: &Value| {
            let claims = json!({ "type": "account", "version": 2, "limits": limits });
            token(&operator, &subject.public_key(), None, &claims)
        };
        let without = json!({ "subs": -1, "conn": -1, "data": -1, "payload": -1 });
        let its =
            json!({ "type": "operator", "version": 2, "system_account": system.public_key() });
        let configuration = format!(
            "operator: {}\nresolver: MEMORY\nresolver_preload: {{\n  {}: {}\n  {}: {}\n}}",
            token(&operator, &operator.public_key(), None, &its),
            system.public_key(),
            of(&system, &without),
            account.public_key(),
            of(&account, &limits),
        );
        Self {
            account,
            configuration,
        }
    }

    /// The text of a file of credentials, which are good until then.
    fn credentials(&self, until: SystemTime) -> String {
        let user = KeyPair::new_user();
        let until = until
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs();
        let its = json!({
            "type": "user", "version": 2, "pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1,
        });
        let token = token(&self.account, &user.public_key(), Some(until), &its);
        let seed = user.seed().expect("a seed");
        format!(
            "-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n\
             -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
        )
    }
}

/// What the issuer says of the subject, signed.
fn token(issuer: &KeyPair, subject: &str, until: Option<u64>, says: &Value) -> String {
    let head = json!({ "typ": "JWT", "alg": "ed25519-nkey" });
    let mut claims = json!({
        "jti": subject, "iat": 1, "iss": issuer.public_key(), "name": "helpdesk", "sub": subject, "nats": says,
    });
    if let Some(until) = until {
        claims["exp"] = until.into();
    }
    let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = format!("{}.{}", encode(&head), encode(&claims));
    let signature = issuer.sign(signed.as_bytes()).expect("signed");
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
}

fn tomorrow() -> SystemTime {
    SystemTime::now() + Duration::from_secs(24 * 60 * 60)
}

#[tokio::test]
async fn a_file_of_credentials_is_taken_and_another_operators_is_refused() {
    let operator = Operator::new();
    let Some(server) = Server::with("credentials", &operator.configuration).await else {
        return;
    };
    let with = |credentials: String| NatsWorkConfig {
        credentials: Some(credentials.into()),
        ..at(server.address())
    };
    let work = NatsWork::open(with(operator.credentials(tomorrow()))).await;
    let work = work.expect("opened");
    let claim = given(&work, "k").await;
    work.done(&claim).await.expect("current");
    let other = Operator::new().credentials(tomorrow());
    let over = operator.credentials(UNIX_EPOCH + Duration::from_secs(1));
    for refused in [other, over] {
        let error = NatsWork::open(with(refused)).await.err().expect("refused");
        let words = format!(
            "the server at {} refuses the credentials: set `credentials` or `token` to what it knows",
            server.address()
        );
        assert_eq!(error.to_string(), words, "{error:?}");
    }
}

#[tokio::test]
async fn credentials_that_end_while_work_goes_on_are_trouble_with_its_cause() {
    let operator = Operator::new();
    let Some(server) = Server::with("end", &operator.configuration).await else {
        return;
    };
    let credentials = operator.credentials(SystemTime::now() + Duration::from_secs(3));
    let configuration = json!({ "servers": [server.address()], "credentials": credentials });
    let app = start(&configuration.to_string()).await.expect("a start");
    until(&app, State::Ok, "").await;
    until(&app, State::Recoverable, "authorization violation").await;
    assert!(app.stop().await.is_clean());
}
