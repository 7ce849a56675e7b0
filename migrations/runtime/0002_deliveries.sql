-- How each event came to each consumer: once, late, again and again. For people who ask what happened; nothing is decided
-- by it. Written with the inbox, one statement a batch, and forgotten after 30 days.
CREATE TABLE deliveries (
    consumer     text NOT NULL,
    aggregate_id uuid NOT NULL,
    version      bigint NOT NULL CHECK (version > 0),
    event_id     uuid NOT NULL,
    type         text NOT NULL,
    -- waiting for the event before it, failing and to come again, applied, or dead: given up.
    outcome      text NOT NULL CHECK (outcome IN ('waiting', 'failing', 'applied', 'dead')),
    -- How often it came in all, and how often of these after it had been applied.
    deliveries   bigint NOT NULL,
    duplicates   bigint NOT NULL DEFAULT 0,
    first_at     timestamptz NOT NULL DEFAULT now(),
    last_at      timestamptz NOT NULL DEFAULT now(),
    -- When it was applied or given up.
    done_at      timestamptz,
    -- Why it was not applied the last time that it was not.
    error        text,
    trace        text,
    PRIMARY KEY (aggregate_id, version, consumer)
) WITH (fillfactor = 85);
CREATE INDEX deliveries_first_at ON deliveries USING brin (first_at);

CREATE INDEX dead_letters_of_aggregate ON dead_letters (aggregate_id) WHERE aggregate_id IS NOT NULL;
