-- For how many days after their admission entries are kept; null is for ever.
ALTER TABLE event ADD COLUMN retention_days INTEGER CHECK (retention_days IS NULL OR retention_days >= 0);

-- Entries that were purged while a file of the journal still had their reservations: a start must not take these for open ones.
CREATE TABLE purged_entry (
    id INTEGER PRIMARY KEY
);

-- How many requests were refused. Without references: the empty event is where nobody knows whose request it was.
CREATE TABLE refusal (
    event  TEXT    NOT NULL,
    reason TEXT    NOT NULL, -- the refusal's code
    minute INTEGER NOT NULL CHECK (typeof(minute) = 'integer'), -- its first second, since 1970
    count  INTEGER NOT NULL CHECK (typeof(count) = 'integer'),
    PRIMARY KEY (event, minute, reason)
) WITHOUT ROWID;

-- The last refusal of each attendee.
CREATE TABLE attendee_refusal (
    attendee INTEGER PRIMARY KEY REFERENCES attendee (id),
    at       INTEGER NOT NULL CHECK (typeof(at) = 'integer'),
    code     TEXT    NOT NULL,
    message  TEXT    NOT NULL,
    request  TEXT    NOT NULL
);
