//! The requests that OTOBO and Znuny get, against those that were recorded.

use std::sync::Arc;

use helpdesk_fakes::{Golden, recorded};
use helpdesk_http::{Client, ClientConfig};
use helpdesk_otobo_znuny::OtoboZnuny;

#[tokio::test]
async fn every_recorded_call_makes_the_recorded_requests_and_ends_as_recorded() {
    let Some(rows) = recorded("otobo-znuny:OTOBOZnunyTicketSystemService") else {
        return;
    };
    assert!(rows.len() >= 11, "only {} rows", rows.len());
    for row in rows {
        let golden = Golden::of(row).await;
        let http = Client::new(ClientConfig {
            proxy: false,
            ..ClientConfig::default()
        });
        let config = serde_json::from_value(golden.params()).expect("parameters");
        let system = OtoboZnuny::new(Arc::new(http), config).expect("a ticket system");
        golden.check(&system).await;
        println!("as recorded: {}", golden.name());
    }
}
