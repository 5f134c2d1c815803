-- Times ending in _at are milliseconds since 1970 (UTC). Wall times are ISO 8601 text in the event's own zone.
-- Columns named *_encrypted are unreadable without the key ring.

CREATE TABLE configuration (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
);
INSERT INTO configuration (id, version) VALUES (1, 0);

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE backend (
    name              TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    endpoint          TEXT NOT NULL,
    api_version       TEXT NOT NULL,
    api_key_encrypted BLOB NOT NULL CHECK (typeof(api_key_encrypted) = 'blob')
);

CREATE TABLE model (
    name           TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE,
    family         INTEGER NOT NULL CHECK (typeof(family) = 'integer'),
    context_window INTEGER NOT NULL CHECK (typeof(context_window) = 'integer'),
    max_output     INTEGER NOT NULL CHECK (typeof(max_output) = 'integer')
);

CREATE TABLE model_alias (
    alias    TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE,
    model    TEXT    NOT NULL COLLATE NOCASE REFERENCES model (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    UNIQUE (model, position)
);

CREATE TABLE model_operation (
    model     TEXT    NOT NULL COLLATE NOCASE REFERENCES model (name) ON DELETE CASCADE,
    operation INTEGER NOT NULL CHECK (typeof(operation) = 'integer'),
    PRIMARY KEY (model, operation)
);

CREATE TABLE deployment (
    id      INTEGER PRIMARY KEY,
    model   TEXT NOT NULL COLLATE NOCASE REFERENCES model (name) ON DELETE CASCADE,
    backend TEXT NOT NULL COLLATE NOCASE REFERENCES backend (name),
    name    TEXT NOT NULL,
    UNIQUE (model, backend, name)
);
CREATE INDEX deployment_of_backend ON deployment (backend);

CREATE TABLE event (
    code                 TEXT    NOT NULL PRIMARY KEY,
    name                 TEXT    NOT NULL,
    description          TEXT    NOT NULL,
    organiser_name       TEXT    NOT NULL,
    organiser_email      TEXT,
    image_url            TEXT,
    start_wall           TEXT    NOT NULL,
    end_wall             TEXT    NOT NULL,
    time_zone            TEXT    NOT NULL,
    state                INTEGER NOT NULL CHECK (typeof(state) = 'integer'),
    output_cap           INTEGER NOT NULL CHECK (typeof(output_cap) = 'integer'),
    reasoning_output_cap INTEGER NOT NULL CHECK (typeof(reasoning_output_cap) = 'integer'),
    entrance             INTEGER NOT NULL CHECK (typeof(entrance) = 'integer'),
    shared_secret_hash   BLOB             CHECK (shared_secret_hash IS NULL OR length(shared_secret_hash) = 32),
    hashes_user_ids      INTEGER NOT NULL CHECK (hashes_user_ids IN (0, 1)),
    secret_encrypted     BLOB    NOT NULL CHECK (typeof(secret_encrypted) = 'blob'),
    attendee_cap         INTEGER NOT NULL CHECK (typeof(attendee_cap) = 'integer')
);

CREATE TABLE event_model (
    event    TEXT    NOT NULL REFERENCES event (code) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    model    TEXT    NOT NULL COLLATE NOCASE REFERENCES model (name),
    PRIMARY KEY (event, position),
    UNIQUE (event, model)
);
CREATE INDEX event_model_of_model ON event_model (model);

CREATE TABLE event_default (
    event     TEXT    NOT NULL REFERENCES event (code) ON DELETE CASCADE,
    operation INTEGER NOT NULL CHECK (typeof(operation) = 'integer'),
    model     TEXT    NOT NULL COLLATE NOCASE, -- a name or an alias
    PRIMARY KEY (event, operation)
);

CREATE TABLE event_origin (
    event    TEXT    NOT NULL REFERENCES event (code) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    origin   TEXT    NOT NULL,
    PRIMARY KEY (event, position)
);

-- Never deleted: what somebody has used is theirs, and an event with attendees is archived instead.
CREATE TABLE attendee (
    id         INTEGER PRIMARY KEY,
    event      TEXT    NOT NULL REFERENCES event (code),
    name       TEXT    NOT NULL,
    is_blocked INTEGER NOT NULL CHECK (is_blocked IN (0, 1)),
    by_code    INTEGER NOT NULL CHECK (by_code IN (0, 1)), -- these count against the event's cap
    entered_at INTEGER NOT NULL CHECK (typeof(entered_at) = 'integer'),
    UNIQUE (event, name)
);
CREATE INDEX attendee_by_code ON attendee (event, by_code);

CREATE TABLE attendee_key (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    attendee   INTEGER NOT NULL REFERENCES attendee (id),
    hint       TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL CHECK (typeof(issued_at) = 'integer'),
    expires_at INTEGER,
    revoked_at INTEGER
);
CREATE INDEX attendee_key_of_attendee ON attendee_key (attendee);
