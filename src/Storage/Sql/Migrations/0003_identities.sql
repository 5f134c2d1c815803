-- Rebuilt, because a backend has either a key or an identity of Entra ID.
CREATE TABLE backend_with_identity (
    name                    TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE,
    endpoint                TEXT    NOT NULL,
    api_version             TEXT    NOT NULL,
    version                 INTEGER NOT NULL DEFAULT 1,
    api_key_encrypted       BLOB    CHECK (typeof(api_key_encrypted) IN ('blob', 'null')), -- null where it has an identity
    entra_kind              INTEGER CHECK (typeof(entra_kind) IN ('integer', 'null')), -- null where it has a key
    entra_tenant            TEXT,
    entra_client            TEXT,
    entra_scope             TEXT, -- null, as of the authority, is what the endpoint's cloud has
    entra_authority         TEXT,
    client_secret_encrypted BLOB    CHECK (typeof(client_secret_encrypted) IN ('blob', 'null')),
    CHECK ((api_key_encrypted IS NULL) = (entra_kind IS NOT NULL)),
    -- 3 is the identity that has a secret.
    CHECK ((client_secret_encrypted IS NOT NULL) = (entra_kind IS NOT NULL AND entra_kind = 3))
);
INSERT INTO backend_with_identity (name, endpoint, api_version, version, api_key_encrypted)
    SELECT name, endpoint, api_version, version, api_key_encrypted FROM backend;
DROP TABLE backend;
ALTER TABLE backend_with_identity RENAME TO backend;

ALTER TABLE event ADD COLUMN stream_mode     INTEGER CHECK (typeof(stream_mode) IN ('integer', 'null')); -- null is as each surface does by itself
ALTER TABLE event ADD COLUMN token_tenant    TEXT; -- null is that nobody comes in by a token
ALTER TABLE event ADD COLUMN token_authority TEXT CHECK ((token_authority IS NULL) = (token_tenant IS NULL));

-- What a token must have for an event: one of the audiences, and one of the groups and roles where there are any.
CREATE TABLE event_token_claim (
    event    TEXT    NOT NULL REFERENCES event (code) ON DELETE CASCADE,
    claim    INTEGER NOT NULL CHECK (typeof(claim) = 'integer'),
    position INTEGER NOT NULL,
    value    TEXT    NOT NULL,
    PRIMARY KEY (event, claim, position)
);
