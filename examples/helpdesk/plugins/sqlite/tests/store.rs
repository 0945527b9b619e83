//! The store as its users see it: the contract, and what a file keeps.

use std::path::PathBuf;

use helpdesk_api::{Entity, ErrorKind, Note, SearchCriteria, Ticket, TicketSystem};
use helpdesk_sqlite::{Store, StoreConfig};

/// A directory of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("helpdesk-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary directory");
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0
            .join(name)
            .to_str()
            .expect("a path in UTF-8")
            .to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn open(path: &str, seed: Option<&str>) -> helpdesk_api::Result<Store> {
    Store::open(StoreConfig {
        path: path.to_owned(),
        seed: seed.map(str::to_owned),
    })
    .await
}

async fn memory() -> Store {
    open(":memory:", None)
        .await
        .expect("memory is always there")
}

fn waiting_in(queue: &str) -> Ticket {
    Ticket {
        subject: Some("s".into()),
        queue: Some(Entity {
            id: Some(format!("id of {queue}")),
            name: Some(queue.into()),
        }),
        ..Ticket::default()
    }
}

fn ids(tickets: &[Ticket]) -> Vec<&str> {
    tickets
        .iter()
        .filter_map(|ticket| ticket.id.as_deref())
        .collect()
}

#[tokio::test]
async fn a_ticket_is_found_as_it_was_created() {
    let store = memory().await;
    let mut note = Note::plain("hello", "there");
    note.id = Some("n".into());
    note.content_type = None;
    note.additional
        .insert("from".into(), serde_json::json!({"name": "Ada"}));
    let ticket = Ticket {
        id: Some("0042".into()),
        subject: Some("Ünïcode'; DROP TABLE ticket; --".into()),
        body: Some("several\nlines\u{0}and a nought".into()),
        priority: Some(Entity::named("high")),
        customer: Some(Entity {
            id: Some("7".into()),
            name: None,
        }),
        notes: Some(vec![note]),
        ..waiting_in("Inbox")
    };
    let created = store.create_ticket(ticket.clone()).await.expect("created");
    assert_eq!(created, ticket);
    assert_eq!(store.get_ticket("0042").await.expect("read"), Some(ticket));
    assert_eq!(store.get_ticket("42").await.expect("read"), None);
}

#[tokio::test]
async fn new_tickets_get_the_next_number_and_a_taken_id_is_refused() {
    let store = memory().await;
    for id in ["7", "seven", "08"] {
        let ticket = Ticket {
            id: Some(id.into()),
            ..Ticket::default()
        };
        store.create_ticket(ticket).await.expect("created");
    }
    let next = store
        .create_ticket(Ticket::default())
        .await
        .expect("created");
    assert_eq!(next.id.as_deref(), Some("9"));
    let again = Ticket {
        id: Some("7".into()),
        ..Ticket::default()
    };
    let error = store
        .create_ticket(again)
        .await
        .expect_err("the id is taken");
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn criteria_filter_by_queue_then_limit_and_offset_apply() {
    let store = memory().await;
    for queue in ["A", "B", "A", "A", "B"] {
        store
            .create_ticket(waiting_in(queue))
            .await
            .expect("created");
    }
    let find = async |queue: Option<Entity>, limit, offset| {
        let criteria = SearchCriteria {
            queue,
            limit,
            offset,
        };
        let found = store.find_tickets(criteria).await.expect("found");
        ids(&found).join(" ")
    };
    assert_eq!(find(None, 10, 0).await, "1 2 3 4 5");
    assert_eq!(find(Some(Entity::named("A")), 10, 0).await, "1 3 4");
    assert_eq!(find(Some(Entity::named("A")), 1, 1).await, "3");
    assert_eq!(find(Some(Entity::named("a")), 10, 0).await, "");
    assert_eq!(find(None, 0, 0).await, "");
    let other = Entity {
        id: Some("id of B".into()),
        name: Some("A".into()),
    };
    assert_eq!(find(Some(other), 10, 0).await, "");
    let first = store
        .find_first_ticket(SearchCriteria::default())
        .await
        .expect("found");
    assert_eq!(first.and_then(|ticket| ticket.id).as_deref(), Some("1"));
}

#[tokio::test]
async fn an_update_replaces_given_fields_whole() {
    let store = memory().await;
    store
        .create_ticket(waiting_in("Inbox"))
        .await
        .expect("created");
    let changes = Ticket {
        queue: Some(Entity::named("Network")),
        notes: Some(vec![Note::plain("dropped", ""), Note::plain("kept", "")]),
        ..Ticket::default()
    };
    assert!(store.update_ticket("1", changes).await.expect("updated"));
    let ticket = store
        .get_ticket("1")
        .await
        .expect("read")
        .expect("it is there");
    assert_eq!(ticket.queue, Some(Entity::named("Network")));
    assert_eq!(ticket.subject.as_deref(), Some("s"));
    let notes: Vec<_> = ticket
        .notes
        .iter()
        .flatten()
        .map(|note| note.subject.as_str())
        .collect();
    assert_eq!(notes, ["kept"]);
}

#[tokio::test]
async fn a_ticket_that_is_not_there_is_neither_updated_nor_noted() {
    let store = memory().await;
    assert!(
        !store
            .update_ticket("404", waiting_in("Inbox"))
            .await
            .expect("answered")
    );
    assert!(
        !store
            .add_note("404", Note::default())
            .await
            .expect("answered")
    );
    assert_eq!(
        store
            .find_tickets(SearchCriteria::default())
            .await
            .expect("found"),
        []
    );
}

#[tokio::test]
async fn a_change_of_the_id_is_refused_and_leaves_everything_as_it_was() {
    let store = memory().await;
    let ticket = store
        .create_ticket(waiting_in("Inbox"))
        .await
        .expect("created");
    let changes = Ticket {
        id: Some("2".into()),
        subject: Some("changed".into()),
        ..Ticket::default()
    };
    let error = store
        .update_ticket("1", changes)
        .await
        .expect_err("ids stay");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(store.get_ticket("1").await.expect("read"), Some(ticket));
}

#[tokio::test]
async fn a_file_keeps_everything_and_is_seeded_once() {
    let folder = Folder::new("durable");
    let path = folder.file("tickets.db");
    let seeded = {
        let store = open(&path, Some("demo")).await.expect("opened");
        let all = SearchCriteria {
            limit: 1000,
            ..SearchCriteria::default()
        };
        let seeded = store.find_tickets(all).await.expect("found").len();
        assert!(seeded > 5);
        store
            .create_ticket(waiting_in("Mine"))
            .await
            .expect("created");
        assert!(
            store
                .add_note("1", Note::plain("kept", ""))
                .await
                .expect("noted")
        );
        seeded
    };
    let store = open(&path, Some("demo")).await.expect("opened again");
    let all = SearchCriteria {
        limit: 1000,
        ..SearchCriteria::default()
    };
    let found = store.find_tickets(all).await.expect("found");
    assert_eq!(found.len(), seeded + 1);
    let first = store
        .get_ticket("1")
        .await
        .expect("read")
        .expect("it is there");
    assert!(
        first
            .notes
            .iter()
            .flatten()
            .any(|note| note.subject == "kept")
    );
}

#[tokio::test]
async fn a_store_in_use_is_not_seeded_later() {
    let folder = Folder::new("in-use");
    let path = folder.file("tickets.db");
    let store = open(&path, None).await.expect("opened");
    store
        .create_ticket(waiting_in("Mine"))
        .await
        .expect("created");
    let store = open(&path, Some("demo")).await.expect("opened again");
    let found = store
        .find_tickets(SearchCriteria::default())
        .await
        .expect("found");
    assert_eq!(ids(&found), ["1"]);
}

#[tokio::test]
async fn two_stores_work_on_one_file_and_a_late_writer_is_refused() {
    let folder = Folder::new("fences");
    let path = folder.file("tickets.db");
    let late = open(&path, None).await.expect("opened");
    let next = open(&path, None).await.expect("opened");
    late.create_ticket(waiting_in("A")).await.expect("made");

    let written = late.update_ticket_fenced("1", waiting_in("B"), 7).await;
    assert!(written.expect("the first fence"));
    let written = next.update_ticket_fenced("1", waiting_in("C"), 8).await;
    assert!(written.expect("a greater one"));
    let written = next.add_note_fenced("1", Note::plain("mine", ""), 8).await;
    assert!(written.expect("one claim writes twice"));

    let errors = [
        late.update_ticket_fenced("1", waiting_in("D"), 7).await,
        late.add_note_fenced("1", Note::plain("late", ""), 7).await,
    ];
    let words = [
        "cannot update ticket \"1\": another helpdesk has claimed it since, and has written to it",
        "cannot add a note to ticket \"1\": another helpdesk has claimed it since, and has written to it",
    ];
    for (error, words) in errors.into_iter().zip(words) {
        let error = error.expect_err("another has claimed it");
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert_eq!(error.to_string(), words);
    }
    let ticket = next.get_ticket("1").await.expect("read").expect("there");
    assert_eq!(ticket.queue, waiting_in("C").queue);
    let notes = ticket.notes.expect("notes");
    let subjects: Vec<&str> = notes.iter().map(|note| &*note.subject).collect();
    assert_eq!(subjects, ["mine"]);
    // Who claims nothing is not refused, and who is not there has no fence.
    assert!(
        late.update_ticket("1", waiting_in("E"))
            .await
            .expect("a person")
    );
    let written = late.update_ticket_fenced("404", waiting_in("E"), 1).await;
    assert!(!written.expect("no such ticket"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_of_a_store_are_made_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("private");
    let store = open(&folder.file("tickets.db"), Some("demo")).await;
    let _open = store.expect("opened");
    let mut names = Vec::new();
    for file in std::fs::read_dir(&folder.0).expect("a folder").flatten() {
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
        names.push(file.file_name());
    }
    assert!(names.len() >= 2, "{names:?}");
}

#[tokio::test]
async fn a_store_that_is_taken_away_while_it_is_open_is_an_error() {
    let folder = Folder::new("taken");
    let path = folder.file("tickets.db");
    let store = open(&path, None).await.expect("opened");
    store.create_ticket(waiting_in("A")).await.expect("made");
    std::fs::rename(&path, folder.file("elsewhere.db")).expect("moved");
    for another_file_is_there in [false, true] {
        if another_file_is_there {
            std::fs::write(&path, "").expect("written");
        }
        let error = store
            .create_ticket(waiting_in("B"))
            .await
            .expect_err("the file is gone");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.to_string().contains("taken away"), "{error}");
        store.get_ticket("1").await.expect_err("the file is gone");
    }
}

#[tokio::test]
async fn two_stores_may_share_a_file() {
    let folder = Folder::new("shared");
    let path = folder.file("tickets.db");
    let (one, other) = tokio::join!(open(&path, None), open(&path, None));
    let (one, other) = (one.expect("opened"), other.expect("opened"));
    let mut tasks = tokio::task::JoinSet::new();
    for store in [std::sync::Arc::new(one), std::sync::Arc::new(other)] {
        for _ in 0..10 {
            let store = std::sync::Arc::clone(&store);
            tasks.spawn(async move { store.create_ticket(waiting_in("Inbox")).await });
        }
    }
    let created: Vec<_> = tasks
        .join_all()
        .await
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("created");
    let distinct: std::collections::BTreeSet<_> = ids(&created).into_iter().collect();
    assert_eq!(distinct.len(), 20);
}

#[tokio::test]
async fn files_that_are_not_stores_are_refused_and_left_alone() {
    let folder = Folder::new("refused");
    let text = folder.file("text.db");
    std::fs::write(&text, "this is no database at all, however long it is").expect("written");
    let foreign = folder.file("foreign.db");
    let newer = folder.file("newer.db");
    rusqlite::Connection::open(&foreign)
        .and_then(|connection| connection.execute_batch("CREATE TABLE recipes (name TEXT)"))
        .expect("made");
    drop(open(&newer, None).await.expect("opened"));
    rusqlite::Connection::open(&newer)
        .and_then(|connection| connection.pragma_update(None, "user_version", 99))
        .expect("changed");
    for (path, kind, words) in [
        (&text, ErrorKind::Garbled, "not a database"),
        (
            &foreign,
            ErrorKind::Invalid,
            "not a database of the helpdesk",
        ),
        (&newer, ErrorKind::Invalid, "version 99"),
        (
            &folder.file("no/such/folder.db"),
            ErrorKind::NotFound,
            "unable to open",
        ),
    ] {
        let before = std::fs::read(path).ok();
        let error = open(path, None).await.err().expect("refused");
        assert_eq!(error.kind(), kind, "{error:?}");
        assert!(error.to_string().contains(path.as_str()), "{error}");
        let cause = std::error::Error::source(&error)
            .expect("a cause")
            .to_string();
        assert!(cause.contains(words), "{cause}");
        assert_eq!(std::fs::read(path).ok(), before, "{path} was changed");
    }
}

#[tokio::test]
async fn a_note_with_an_id_is_added_once_however_often_that_is_asked_for() {
    let store = memory().await;
    for _ in 0..2 {
        store
            .create_ticket(waiting_in("a"))
            .await
            .expect("a ticket");
    }
    let note = Note {
        id: Some("routed".to_owned()),
        ..Note::plain("Routed", "once")
    };
    for ticket in ["1", "1", "2"] {
        let added = store.add_note(ticket, note.clone()).await;
        assert!(added.expect("an answer"), "it is there now");
    }
    let update = Ticket {
        notes: Some(vec![note.clone()]),
        ..Ticket::default()
    };
    assert!(store.update_ticket("2", update).await.expect("an answer"));
    for ticket in ["1", "2"] {
        let ticket = store.get_ticket(ticket).await.expect("an answer");
        let notes = ticket.and_then(|ticket| ticket.notes);
        assert_eq!(notes, Some(vec![note.clone()]));
    }
    assert!(!store.add_note("3", note).await.expect("an answer"));
}
