//! That no claim outlives the replicas.

use std::collections::BTreeSet;
use std::time::Duration;

use helpdesk_work::Work as _;
use helpdesk_work_nats::NatsWork;
use serde_json::json;
use tokio::runtime::Builder;

use super::store::Store;

/// That nobody has a claim who was not killed. Of a server, the `last` tickets that the others had claimed are asked for; in the
/// store, all are looked at but those that were `excused`.
pub(crate) fn are_ended(
    store: &mut Store<'_>,
    server: Option<String>,
    last: &BTreeSet<String>,
    excused: &BTreeSet<String>,
) -> Result<(), String> {
    let claimed = match server {
        Some(server) => at_server(&server, last)?,
        None => in_store(store)?,
    };
    match claimed.difference(excused).next() {
        Some(ticket) => Err(format!(
            "all replicas have ended, and ticket {ticket} is claimed"
        )),
        None => Ok(()),
    }
}

fn in_store(store: &mut Store<'_>) -> Result<BTreeSet<String>, String> {
    let claimed = store.ask(|store| {
        let mut claimed = store.prepare("SELECT key FROM work WHERE state = 'claimed'")?;
        claimed.query_map([], |row| row.get(0))?.collect()
    })?;
    claimed.ok_or_else(|| "there is no store".to_owned())
}

/// Which of these cannot be claimed at another version, where only a lease that holds is in the way.
fn at_server(server: &str, tickets: &BTreeSet<String>) -> Result<BTreeSet<String>, String> {
    let config = json!({ "servers": [server] });
    let config = serde_json::from_value(config).map_err(|error| error.to_string())?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let claimed = runtime.block_on(async {
        let work = NatsWork::open(config).await?;
        let mut claimed = BTreeSet::new();
        for ticket in tickets {
            let claim = work.claim(ticket, "after the end", Duration::ZERO).await?;
            if claim.is_none() {
                claimed.insert(ticket.clone());
            }
        }
        Ok(claimed)
    });
    claimed.map_err(|error: Box<dyn std::error::Error>| format!("the server: {error}"))
}
