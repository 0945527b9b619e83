//! The tickets that the helpdesk looks after, as lists.

use std::process::ExitCode;

use anstyle::Style;
use helpdesk_api::{Entity, SearchCriteria, Ticket};
use treenail::{Error, Result};

use crate::Desk;
use crate::cli::{Format, Tickets};
use crate::configuration::Source;
use crate::output::{self, FAINT, GOOD};
use crate::table::Table;

/// How many tickets the tables of a run show; the rest is only counted by whoever has them.
const SHOWN: u32 = 100;

/// Lists the tickets of every configured ticket system.
pub(crate) async fn list<A: Desk>(source: &Source, options: &Tickets) -> Result<ExitCode> {
    let new = source.store_to_be_made();
    let settings = source.settings()?;
    let redactor = settings.redactor();
    let app = A::start(settings).await?;
    if let Some(store) = new {
        output::note(&format!(
            "made the store {store} with demonstration tickets"
        ));
    }
    let criteria = SearchCriteria {
        queue: options.queue.as_deref().map(Entity::named),
        limit: options.limit,
        offset: 0,
    };
    let found = find(&app, &criteria).await;
    app.stop().await;
    // Straight from a ticket system, whose words nobody has looked through.
    let found = found.map_err(|error| Error::msg(redactor.redact(&format!("{error:#}"))))?;
    match options.format {
        Format::Json => output::data(&format!("{}\n", serde_json::to_string_pretty(&found)?))?,
        Format::Table if found.is_empty() => output::note("there are no such tickets"),
        Format::Table => {
            let mut table = Table::new(&["id", "subject", "queue", "priority", "notes"]);
            for ticket in &found {
                let notes = ticket.notes.as_ref().map_or(0, Vec::len);
                table.row([
                    plain(ticket.id.clone().unwrap_or_default()),
                    plain(ticket.subject.clone().unwrap_or_default()),
                    plain(name(ticket.queue.as_ref())),
                    plain(name(ticket.priority.as_ref())),
                    plain(notes.to_string()),
                ]);
            }
            output::data(&table.text())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The tickets as they are now, for a table of what changed.
pub(crate) async fn now(app: &impl Desk) -> Result<Vec<Ticket>> {
    let criteria = SearchCriteria {
        limit: SHOWN,
        ..SearchCriteria::default()
    };
    find(app, &criteria).await
}

async fn find(app: &impl Desk, criteria: &SearchCriteria) -> Result<Vec<Ticket>> {
    let mut found = Vec::new();
    for system in app.ticket_systems() {
        found.extend(system.find_tickets(criteria.clone()).await?);
    }
    Ok(found)
}

/// A table of the tickets before and after; unchanged cells stay faint.
pub(crate) fn comparison(before: &[Ticket], after: &[Ticket]) -> String {
    let mut table = Table::new(&["id", "subject", "queue", "priority"]);
    for ticket in after {
        let old = before.iter().find(|old| old.id == ticket.id);
        let change = |of: fn(&Ticket) -> Option<&Entity>| {
            let (old, new) = (old.map(|old| name(of(old))), name(of(ticket)));
            match old {
                Some(old) if old != new => (format!("{old} -> {new}"), GOOD),
                _ => (new, FAINT),
            }
        };
        table.row([
            plain(ticket.id.clone().unwrap_or_default()),
            plain(ticket.subject.clone().unwrap_or_default()),
            change(|ticket| ticket.queue.as_ref()),
            change(|ticket| ticket.priority.as_ref()),
        ]);
    }
    table.text()
}

fn name(entity: Option<&Entity>) -> String {
    let name = entity.and_then(|entity| entity.name.as_ref().or(entity.id.as_ref()));
    name.cloned().unwrap_or_else(|| "-".to_owned())
}

fn plain(text: String) -> (String, Style) {
    (text, Style::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(queue: &str) -> Ticket {
        Ticket {
            id: Some("1".to_owned()),
            subject: Some("s".to_owned()),
            queue: Some(Entity::named(queue)),
            ..Ticket::default()
        }
    }

    #[test]
    fn a_comparison_shows_what_changed_and_what_is_new() {
        let before = [ticket("Inbox")];
        let text = comparison(&before, &[ticket("Network"), Ticket::default()]);
        let text = anstream::adapter::strip_str(&text).to_string();
        let rows: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(
            rows,
            [
                "1   s        Inbox -> Network  -",
                "             -                 -"
            ]
        );
    }
}
