//! The statements: tickets and notes to rows, and back.

use helpdesk_api::{Entity, Note, SearchCriteria, Ticket};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use crate::failure::Failure;

/// The columns of a ticket, in the order in which [`ticket`] reads them.
const TICKET: &str = "SELECT position, id, subject, body, queue_id, queue_name, \
     priority_id, priority_name, customer_id, customer_name FROM ticket";

pub(crate) fn create(connection: &Connection, ticket: &Ticket) -> Result<String, Failure> {
    let id = match &ticket.id {
        Some(id) if exists(connection, id)? => {
            return Err(Failure::Invalid(format!(
                "there is a ticket {id:?} already"
            )));
        }
        Some(id) => id.clone(),
        None => free_id(connection)?,
    };
    let (queue_id, queue_name) = columns(ticket.queue.as_ref());
    let (priority_id, priority_name) = columns(ticket.priority.as_ref());
    let (customer_id, customer_name) = columns(ticket.customer.as_ref());
    connection
        .prepare_cached(
            "INSERT INTO ticket (id, subject, body, queue_id, queue_name, priority_id, priority_name, \
             customer_id, customer_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            id,
            ticket.subject,
            ticket.body,
            queue_id,
            queue_name,
            priority_id,
            priority_name,
            customer_id,
            customer_name,
        ])?;
    for note in ticket.notes.iter().flatten() {
        add_note(connection, &id, note)?;
    }
    Ok(id)
}

/// Every given field replaces the whole old one; of the notes only the last is added.
pub(crate) fn update(connection: &Connection, id: &str, changes: &Ticket) -> Result<bool, Failure> {
    if !exists(connection, id)? {
        return Ok(false);
    }
    if let Some(other) = changes.id.as_deref().filter(|other| *other != id) {
        return Err(Failure::Invalid(format!("its id cannot become {other:?}")));
    }
    for (column, text) in [("subject", &changes.subject), ("body", &changes.body)] {
        if let Some(text) = text {
            connection
                .prepare_cached(&format!("UPDATE ticket SET {column} = ?2 WHERE id = ?1"))?
                .execute(params![id, text])?;
        }
    }
    for (field, entity) in [
        ("queue", &changes.queue),
        ("priority", &changes.priority),
        ("customer", &changes.customer),
    ] {
        if let Some(entity) = entity {
            let statement =
                format!("UPDATE ticket SET {field}_id = ?2, {field}_name = ?3 WHERE id = ?1");
            connection
                .prepare_cached(&statement)?
                .execute(params![id, entity.id, entity.name])?;
        }
    }
    if let Some(note) = changes.notes.iter().flatten().last() {
        add_note(connection, id, note)?;
    }
    Ok(true)
}

/// Remembers the fence that a ticket is written to under, unless a greater one was seen.
pub(crate) fn pass_fence(connection: &Connection, id: &str, fence: u64) -> Result<(), Failure> {
    let fence = i64::try_from(fence).unwrap_or(i64::MAX);
    let passed = connection
        .prepare_cached("UPDATE ticket SET fence = ?2 WHERE id = ?1 AND fence <= ?2")?
        .execute(params![id, fence])?;
    if passed == 0 && exists(connection, id)? {
        return Err(Failure::Fenced);
    }
    Ok(())
}

pub(crate) fn find(
    connection: &Connection,
    criteria: &SearchCriteria,
) -> Result<Vec<Ticket>, Failure> {
    let (queue_id, queue_name) = columns(criteria.queue.as_ref());
    let mut wanted: Vec<(&str, &dyn ToSql)> =
        vec![(":limit", &criteria.limit), (":offset", &criteria.offset)];
    if let Some(id) = &queue_id {
        wanted.push((":queue_id", id));
    }
    if let Some(name) = &queue_name {
        wanted.push((":queue_name", name));
    }
    let found = connection
        .prepare_cached(&selection(queue_id.is_some(), queue_name.is_some()))?
        .query_map(wanted.as_slice(), ticket)?
        .collect::<Result<Vec<_>, _>>()?;
    found
        .into_iter()
        .map(|(position, ticket)| with_notes(connection, position, ticket))
        .collect()
}

/// A column is spoken of only where it is asked for: SQLite uses no index for `:name IS NULL OR …`.
fn selection(by_queue_id: bool, by_queue_name: bool) -> String {
    let id = if by_queue_id {
        " AND queue_id = :queue_id"
    } else {
        ""
    };
    let name = if by_queue_name {
        " AND queue_name = :queue_name"
    } else {
        ""
    };
    format!("{TICKET} WHERE true{id}{name} ORDER BY position LIMIT :limit OFFSET :offset")
}

pub(crate) fn get(connection: &Connection, id: &str) -> Result<Option<Ticket>, Failure> {
    let found = connection
        .prepare_cached(&format!("{TICKET} WHERE id = ?1"))?
        .query_row([id], ticket)
        .optional()?;
    found
        .map(|(position, ticket)| with_notes(connection, position, ticket))
        .transpose()
}

/// Adds a note; one with an id that the ticket has a note of already is that note, and is not added again.
pub(crate) fn add_note(connection: &Connection, id: &str, note: &Note) -> Result<bool, Failure> {
    let additional = serde_json::to_string(&note.additional)?;
    let added = connection
        .prepare_cached(
            "INSERT INTO note (ticket, id, subject, body, content_type, additional) \
             SELECT position, ?2, ?3, ?4, ?5, ?6 FROM ticket WHERE id = ?1 \
             AND NOT EXISTS (SELECT 1 FROM note WHERE note.ticket = ticket.position AND note.id = ?2)",
        )?
        .execute(params![
            id,
            note.id,
            note.subject,
            note.body,
            note.content_type,
            additional
        ])?;
    Ok(added == 1 || exists(connection, id)?)
}

/// Fills an empty store that was never filled before; says whether it did.
pub(crate) fn seed(
    connection: &Connection,
    what: &str,
    tickets: &[Ticket],
) -> Result<bool, Failure> {
    let used: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM seeding) OR EXISTS (SELECT 1 FROM ticket)",
        [],
        |row| row.get(0),
    )?;
    if used {
        return Ok(false);
    }
    for ticket in tickets {
        create(connection, ticket)?;
    }
    connection.execute("INSERT INTO seeding (what) VALUES (?1)", [what])?;
    Ok(true)
}

fn exists(connection: &Connection, id: &str) -> Result<bool, Failure> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM ticket WHERE id = ?1")?;
    Ok(statement.exists([id])?)
}

/// One above the highest number that is an id, so that numbers are not given twice while they stand.
fn free_id(connection: &Connection) -> Result<String, Failure> {
    let highest: i64 = connection.query_row(
        "SELECT coalesce(max(CAST(id AS INTEGER)), 0) FROM ticket \
         WHERE id NOT GLOB '*[^0-9]*' AND length(id) BETWEEN 1 AND 18",
        [],
        |row| row.get(0),
    )?;
    Ok((highest + 1).to_string())
}

fn columns(entity: Option<&Entity>) -> (Option<&str>, Option<&str>) {
    let entity = entity.map(|entity| (entity.id.as_deref(), entity.name.as_deref()));
    entity.unwrap_or_default()
}

fn ticket(row: &Row<'_>) -> rusqlite::Result<(i64, Ticket)> {
    let entity = |id, name| -> rusqlite::Result<Option<Entity>> {
        let entity = Entity {
            id: row.get(id)?,
            name: row.get(name)?,
        };
        Ok((!entity.is_empty()).then_some(entity))
    };
    let ticket = Ticket {
        id: row.get(1)?,
        subject: row.get(2)?,
        body: row.get(3)?,
        queue: entity(4, 5)?,
        priority: entity(6, 7)?,
        customer: entity(8, 9)?,
        notes: None,
    };
    Ok((row.get(0)?, ticket))
}

fn with_notes(
    connection: &Connection,
    position: i64,
    mut ticket: Ticket,
) -> Result<Ticket, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(id, CAST(position AS TEXT)), subject, body, content_type, additional \
         FROM note WHERE ticket = ?1 ORDER BY position",
    )?;
    let mut rows = statement.query([position])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        notes.push(Note {
            id: row.get(0)?,
            subject: row.get(1)?,
            body: row.get(2)?,
            content_type: row.get(3)?,
            additional: serde_json::from_str(
                row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?,
            )?,
        });
    }
    ticket.notes = Some(notes);
    Ok(ticket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tickets_of_a_queue_are_found_by_its_index_and_in_its_order() {
        let mut connection = Connection::open_in_memory().expect("memory");
        crate::schema::prepare(&mut connection).expect("tables");
        let plan = format!("EXPLAIN QUERY PLAN {}", selection(false, true));
        let mut statement = connection.prepare(&plan).expect("a statement");
        let asked = rusqlite::named_params! { ":queue_name": "Inbox", ":limit": 1, ":offset": 0 };
        let steps: Vec<String> = statement
            .query_map(asked, |row| row.get("detail"))
            .and_then(Iterator::collect)
            .expect("a plan");
        let step = "SEARCH ticket USING INDEX ticket_by_queue (queue_name=?)";
        assert_eq!(steps, [step]);
    }
}
