-- The greatest fence that a ticket was written to under.
ALTER TABLE ticket ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
