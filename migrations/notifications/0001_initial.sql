-- Whom to write to, and what was or will be written. Ids are UUIDv7 and come from the program.

-- What this worker has learnt of the accounts from their events.
CREATE TABLE recipients (
    user_id    uuid PRIMARY KEY,
    email      varchar(255) NOT NULL,
    first_name varchar(100) NOT NULL,
    last_name  varchar(100) NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- One row for each event, recipient and channel, written in the transaction that takes the event. The text is rendered by
-- then; the greeting and the address are added at delivery, because the recipient may become known later than the event.
CREATE TABLE notifications (
    id              uuid PRIMARY KEY,
    event_id        uuid NOT NULL,
    user_id         uuid NOT NULL,
    order_id        uuid,
    channel         varchar(20) NOT NULL,
    template        varchar(50) NOT NULL,
    subject         text NOT NULL,
    body            text NOT NULL,
    -- The address it went to.
    recipient       varchar(255),
    status          varchar(20) NOT NULL DEFAULT 'pending',
    created_at      timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,
    attempts        int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- When a pending one is due; claiming it moves this into the future, which is the lease.
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    -- Why it was skipped, has failed, or has not gone out yet.
    error           text,
    CONSTRAINT valid_channel CHECK (channel IN ('email')),
    CONSTRAINT valid_status CHECK (status IN ('pending', 'sent', 'skipped', 'failed')),
    CONSTRAINT sent_has_time CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT notifications_once UNIQUE (event_id, user_id, channel)
);
CREATE INDEX notifications_due ON notifications (next_attempt_at) WHERE status = 'pending';
CREATE INDEX notifications_of_user ON notifications (user_id, id);
CREATE INDEX notifications_of_order ON notifications (order_id, id) WHERE order_id IS NOT NULL;
