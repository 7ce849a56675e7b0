-- What the worker runtime keeps in every worker's schema. Tables are created in the schema of the search_path; the
-- login role gets SELECT, INSERT, UPDATE and DELETE on each by default and less where a REVOKE says so.

-- Outbox and event store in one: appended in the transaction that changes state, published by the relay, kept for ever.
CREATE TABLE events (
    event_id     uuid PRIMARY KEY,
    aggregate    text NOT NULL,
    aggregate_id uuid NOT NULL,
    version      bigint NOT NULL CHECK (version > 0),
    type         text NOT NULL,
    -- json, not jsonb: the text is published byte for byte as it was written.
    payload      json NOT NULL,
    headers      jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    UNIQUE (aggregate_id, version)
);
CREATE INDEX events_unpublished ON events (created_at) WHERE published_at IS NULL;

-- History is not rewritten: only the mark that an event was published may change.
REVOKE UPDATE, DELETE, TRUNCATE ON events FROM :login_role;
GRANT UPDATE (published_at) ON events TO :login_role;

-- Inbox: the version each consumer has applied of each aggregate.
CREATE TABLE inbox (
    consumer     text NOT NULL,
    aggregate_id uuid NOT NULL,
    version      bigint NOT NULL CHECK (version >= 0),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, aggregate_id)
);

-- The first answer to each idempotency key, written in the transaction of its effect.
CREATE TABLE idempotency_keys (
    scope       text NOT NULL,
    key         text NOT NULL,
    fingerprint bytea NOT NULL,
    status      int NOT NULL,
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- Messages that kept failing, with all that is needed to replay them.
CREATE TABLE dead_letters (
    id           uuid PRIMARY KEY,
    stream       text NOT NULL,
    subject      text NOT NULL,
    consumer     text NOT NULL,
    event_id     uuid,
    aggregate_id uuid,
    version      bigint,
    body         bytea NOT NULL,
    headers      jsonb NOT NULL DEFAULT '{}',
    error        text NOT NULL,
    deliveries   int NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    replayed_at  timestamptz
);
CREATE INDEX dead_letters_created_at ON dead_letters (created_at);
