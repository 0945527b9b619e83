CREATE TABLE ticket (
    position      INTEGER PRIMARY KEY,      -- the order in which tickets are found
    id            TEXT NOT NULL UNIQUE,
    subject       TEXT,
    body          TEXT,
    queue_id      TEXT,
    queue_name    TEXT,
    priority_id   TEXT,
    priority_name TEXT,
    customer_id   TEXT,
    customer_name TEXT
) STRICT;

CREATE INDEX ticket_by_queue ON ticket (queue_name, position);

CREATE TABLE note (
    position     INTEGER PRIMARY KEY,       -- the order in which notes were added
    ticket       INTEGER NOT NULL REFERENCES ticket (position) ON DELETE CASCADE,
    id           TEXT,                      -- absent: its position
    subject      TEXT NOT NULL,
    body         TEXT NOT NULL,
    content_type TEXT,
    additional   TEXT NOT NULL DEFAULT '{}' -- JSON object
) STRICT;

CREATE INDEX note_by_ticket ON note (ticket, position);

CREATE TABLE seeding (
    what TEXT NOT NULL,
    at   TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;
