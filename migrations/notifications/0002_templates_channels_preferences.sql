-- Messages are rendered when they go out, so that a row holds the data of its template and not the words; they go by more than
-- one channel, their recipients choose among them, and one that failed can be sent again.

ALTER TABLE notifications
    -- Of rows of the version before; new ones have data in its place.
    ALTER COLUMN body DROP NOT NULL,
    ADD COLUMN kind varchar(20),
    ADD COLUMN data jsonb,
    -- When it was given up: the digest's order.
    ADD COLUMN failed_at timestamptz,
    -- How often it was asked for again, and the attempts before that.
    ADD COLUMN resends int NOT NULL DEFAULT 0,
    ADD COLUMN earlier_attempts int NOT NULL DEFAULT 0,
    DROP CONSTRAINT valid_channel,
    ADD CONSTRAINT valid_channel CHECK (channel IN ('email', 'webhook')),
    ADD CONSTRAINT valid_kind CHECK (kind IN ('account', 'orders', 'payments', 'staff')),
    ADD CONSTRAINT has_words CHECK (body IS NOT NULL OR data IS NOT NULL),
    ADD CONSTRAINT data_is_bounded CHECK (octet_length(data::text) <= 131072),
    ADD CONSTRAINT resends_are_bounded CHECK (resends BETWEEN 0 AND 5);

DROP INDEX notifications_due;
CREATE INDEX notifications_due ON notifications (channel, next_attempt_at) WHERE status = 'pending';
CREATE INDEX notifications_failed ON notifications (failed_at) WHERE failed_at IS NOT NULL;

-- What customers do not want to be told, or want again. No row is a yes.
CREATE TABLE preferences (
    user_id    uuid NOT NULL,
    kind       varchar(20) NOT NULL,
    channel    varchar(20) NOT NULL,
    enabled    boolean NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, kind, channel),
    -- What concerns the account itself cannot be switched off.
    CONSTRAINT valid_kind CHECK (kind IN ('orders', 'payments')),
    CONSTRAINT valid_channel CHECK (channel IN ('email', 'webhook'))
);

-- Made here, so that all instances have the same without being told. gen_random_uuid() takes 122 bits of the server's strong
-- random numbers.
CREATE TABLE keys (
    name  varchar(50) PRIMARY KEY,
    value bytea NOT NULL
);
INSERT INTO keys (name, value)
VALUES ('unsubscribe', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
REVOKE INSERT, UPDATE, DELETE ON keys FROM :login_role;
