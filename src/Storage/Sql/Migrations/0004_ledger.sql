-- Money is in micro-dollars: a dollar is 1,000,000. Prices are micro-dollars for a million tokens.

-- Which server's journal belongs to this database, and how far it is folded into it: settlements up to that record are entries.
CREATE TABLE ledger (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    server TEXT    NOT NULL,
    folded INTEGER NOT NULL CHECK (typeof(folded) = 'integer')
);
INSERT INTO ledger (id, server, folded) VALUES (1, lower(hex(randomblob(16))), 0);

-- What each request used. Without references: what was used outlives what it was used in. The id is the reservation's.
CREATE TABLE entry (
    id                 INTEGER PRIMARY KEY,
    request            TEXT    NOT NULL,
    event              TEXT    NOT NULL,
    attendee           INTEGER NOT NULL,
    model              TEXT    NOT NULL,
    operation          INTEGER NOT NULL CHECK (typeof(operation) = 'integer'),
    at                 INTEGER NOT NULL CHECK (typeof(at) = 'integer'), -- when it was admitted
    hour               INTEGER NOT NULL CHECK (typeof(hour) = 'integer'), -- its hour's first second in the event's zone, in seconds since 1970
    settled_at         INTEGER NOT NULL CHECK (typeof(settled_at) = 'integer'),
    reserved_input     INTEGER NOT NULL,
    stated_input       INTEGER NOT NULL, -- of the reserved input: what has no proven bound but a stated one
    reserved_output    INTEGER NOT NULL, -- over all choices
    reserved_cost      INTEGER NOT NULL,
    input              INTEGER NOT NULL CHECK (typeof(input) = 'integer'),
    cached_input       INTEGER NOT NULL CHECK (typeof(cached_input) = 'integer'), -- of the input
    output             INTEGER NOT NULL CHECK (typeof(output) = 'integer'),
    reasoning          INTEGER NOT NULL CHECK (typeof(reasoning) = 'integer'), -- of the output
    cost               INTEGER NOT NULL CHECK (typeof(cost) = 'integer'),
    exactness          INTEGER NOT NULL CHECK (typeof(exactness) = 'integer'),
    outcome            INTEGER NOT NULL CHECK (typeof(outcome) = 'integer'),
    price_input        INTEGER, -- null, as all of the price, where it was unknown
    price_cached_input INTEGER,
    price_output       INTEGER,
    price_image        INTEGER,
    price_as_of        TEXT
);
CREATE INDEX entry_of_event ON entry (event, at);

-- The sums of entries, written with them: neither a start nor a report reads them all, and they stay when entries are purged.
CREATE TABLE total (
    event        TEXT    NOT NULL,
    attendee     INTEGER NOT NULL,
    model        TEXT    NOT NULL,
    operation    INTEGER NOT NULL,
    hour         INTEGER NOT NULL,
    requests     INTEGER NOT NULL, -- without those that no backend took
    input        INTEGER NOT NULL,
    cached_input INTEGER NOT NULL,
    output       INTEGER NOT NULL,
    reasoning    INTEGER NOT NULL,
    cost         INTEGER NOT NULL,
    estimated    INTEGER NOT NULL, -- how many of the requests
    unsettled    INTEGER NOT NULL, -- how many of the requests
    PRIMARY KEY (event, attendee, model, operation, hour)
) WITHOUT ROWID;

-- Up to (excluding) which hour an event's entries have been purged, so that only its totals can tell.
CREATE TABLE purge (
    event  TEXT    NOT NULL PRIMARY KEY,
    before INTEGER NOT NULL CHECK (typeof(before) = 'integer')
);

CREATE TABLE event_limit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    event  TEXT    NOT NULL REFERENCES event (code) ON DELETE CASCADE,
    scope  INTEGER NOT NULL CHECK (typeof(scope) = 'integer'),
    unit   INTEGER NOT NULL CHECK (typeof(unit) = 'integer'),
    window INTEGER NOT NULL CHECK (typeof(window) = 'integer'),
    cap    INTEGER NOT NULL CHECK (typeof(cap) = 'integer' AND cap >= 0),
    model  TEXT    COLLATE NOCASE REFERENCES model (name) ON DELETE CASCADE -- null is every model
);
CREATE INDEX event_limit_of_event ON event_limit (event);
CREATE INDEX event_limit_of_model ON event_limit (model);

-- Caps that one attendee has instead of everybody's, where they are higher.
CREATE TABLE attendee_cap (
    attendee INTEGER NOT NULL REFERENCES attendee (id),
    "limit"  INTEGER NOT NULL REFERENCES event_limit (id) ON DELETE CASCADE,
    cap      INTEGER NOT NULL CHECK (typeof(cap) = 'integer' AND cap >= 0),
    PRIMARY KEY (attendee, "limit")
) WITHOUT ROWID;
CREATE INDEX attendee_cap_of_limit ON attendee_cap ("limit");

CREATE TABLE model_price (
    model        TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE REFERENCES model (name) ON DELETE CASCADE,
    input        INTEGER NOT NULL CHECK (typeof(input) = 'integer' AND input >= 0),
    cached_input INTEGER NOT NULL CHECK (typeof(cached_input) = 'integer' AND cached_input >= 0),
    output       INTEGER NOT NULL CHECK (typeof(output) = 'integer' AND output >= 0),
    image        INTEGER NOT NULL CHECK (typeof(image) = 'integer' AND image >= 0),
    as_of        TEXT    NOT NULL, -- a date
    source       TEXT    NOT NULL
);
