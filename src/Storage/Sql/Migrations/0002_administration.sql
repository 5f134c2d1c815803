-- Versions count the changes of a row, for those who must not overwrite each other's.
ALTER TABLE backend ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE model   ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE event   ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE event ADD COLUMN cuts_in_flight INTEGER NOT NULL DEFAULT 0 CHECK (cuts_in_flight IN (0, 1));
ALTER TABLE event ADD COLUMN owner      TEXT; -- the organiser; null is nobody but administrators
ALTER TABLE event ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
-- Events of before: as old as the database, as far as anybody knows.
UPDATE event SET created_at = (SELECT applied_at FROM schema_version WHERE number = 1),
                 changed_at = (SELECT applied_at FROM schema_version WHERE number = 1);
CREATE INDEX event_of_owner ON event (owner);

CREATE TABLE event_organiser (
    event     TEXT NOT NULL REFERENCES event (code) ON DELETE CASCADE,
    organiser TEXT NOT NULL,
    PRIMARY KEY (event, organiser)
);
CREATE INDEX event_organiser_of_organiser ON event_organiser (organiser);

-- Rebuilt, because a removed attendee has no name: the row stays, so that what they used keeps its owner.
CREATE TABLE attendee_with_removal (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event      TEXT    NOT NULL REFERENCES event (code),
    name       TEXT, -- null once they are removed
    is_blocked INTEGER NOT NULL CHECK (is_blocked IN (0, 1)),
    by_code    INTEGER NOT NULL CHECK (by_code IN (0, 1)), -- these count against the event's cap until they are removed
    entered_at INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
    removed_at INTEGER,
    CHECK ((name IS NULL) = (removed_at IS NOT NULL)),
    UNIQUE (event, name)
);
INSERT INTO attendee_with_removal (id, event, name, is_blocked, by_code, entered_at)
    SELECT id, event, name, is_blocked, by_code, entered_at FROM attendee;
DROP TABLE attendee;
ALTER TABLE attendee_with_removal RENAME TO attendee;
CREATE INDEX attendee_by_code ON attendee (event, by_code) WHERE removed_at IS NULL;

-- Rebuilt for a number that people may see, say and put in a URL, which a hash is not; row ids of SQLite change in a VACUUM.
CREATE TABLE attendee_key_with_id (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    attendee   INTEGER NOT NULL REFERENCES attendee (id),
    hint       TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL CHECK (typeof(issued_at) = 'integer'),
    expires_at INTEGER,
    revoked_at INTEGER
);
INSERT INTO attendee_key_with_id (hash, attendee, hint, issued_at, expires_at, revoked_at)
    SELECT hash, attendee, hint, issued_at, expires_at, revoked_at FROM attendee_key ORDER BY issued_at, hint;
DROP TABLE attendee_key;
ALTER TABLE attendee_key_with_id RENAME TO attendee_key;
CREATE INDEX attendee_key_of_attendee ON attendee_key (attendee);

CREATE TABLE api_token (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    role       INTEGER NOT NULL CHECK (typeof(role) = 'integer'),
    organiser  TEXT, -- whose events it opens; null for administrators
    hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    hint       TEXT    NOT NULL,
    created_at INTEGER NOT NULL CHECK (typeof(created_at) = 'integer'),
    expires_at INTEGER,
    revoked_at INTEGER
);
-- Two at a time with one name could not be told apart in the audit trail.
CREATE UNIQUE INDEX api_token_in_force ON api_token (name) WHERE revoked_at IS NULL;

-- What was done, by whom. It holds no secret and no user id: attendees and keys are named by their numbers, so that
-- somebody who is forgotten is forgotten here too.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
    actor  TEXT    NOT NULL,
    action TEXT    NOT NULL,
    kind   TEXT    NOT NULL,
    name   TEXT    NOT NULL,
    event  TEXT, -- without a reference: it outlives the event
    before TEXT, -- JSON
    after  TEXT  -- JSON
);
CREATE INDEX audit_of_event ON audit (event, id);
CREATE INDEX audit_of_name ON audit (kind, name, id);
