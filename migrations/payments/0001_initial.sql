-- What payments knows of an order, one row an order. Whoever changes an order's payments or refunds changes this row in
-- the same transaction: it is what webhooks, requests, the reconciler and cancellations meet at.
CREATE TABLE order_accounts (
    order_id           uuid PRIMARY KEY,
    user_id            uuid NOT NULL,
    -- Minor units of the currency, here and everywhere below.
    amount             bigint NOT NULL CHECK (amount > 0),
    currency           text NOT NULL CHECK (length(currency) = 3),
    state              text NOT NULL DEFAULT 'open'
                       CHECK (state IN ('open', 'paying', 'paid', 'failed', 'cancelled')),
    -- The payment that is paying, or has paid, the order.
    current_payment_id uuid,
    -- Payments that were declined or given up.
    failures           int NOT NULL DEFAULT 0 CHECK (failures >= 0),
    -- The version of the last event.
    version            bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
    -- Counts every change. Writers compare it with what they read and set it to NULL when it differs, which undoes them.
    revision           bigint NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT paying_or_paid_with CHECK (state NOT IN ('paying', 'paid') OR current_payment_id IS NOT NULL)
);

CREATE TABLE payments (
    id                       uuid PRIMARY KEY,
    order_id                 uuid NOT NULL REFERENCES order_accounts (order_id),
    user_id                  uuid NOT NULL,
    -- Which payment of the order it is.
    attempt                  int NOT NULL CHECK (attempt > 0),
    -- Caller and idempotency key of the request that began it, so that a repeated one finds it.
    request_key              text UNIQUE,
    stripe_payment_intent_id text UNIQUE,
    amount                   bigint NOT NULL,
    currency                 text NOT NULL DEFAULT 'USD' CHECK (length(currency) = 3),
    status                   text NOT NULL,
    payment_method           text NOT NULL,
    -- Why it failed. `declined` counts against the order; after `not_made` nothing was charged or refused, and the order can
    -- be paid by another payment. The codes and the text are Stripe's.
    failure_kind             text CHECK (failure_kind IN ('declined', 'not_made')),
    failure_code             text,
    decline_code             text,
    failure_message          text,
    -- Succeeded although the order could not take it any more; it is given back.
    is_unwanted              boolean NOT NULL DEFAULT false,
    -- The intent is to be cancelled at Stripe.
    cancel_wanted            boolean NOT NULL DEFAULT false,
    provider_fee             bigint,
    net_amount               bigint,
    metadata                 jsonb NOT NULL DEFAULT '{}',
    -- When Stripe is asked what became of it; NULL when there is nothing to ask.
    next_check_at            timestamptz,
    checks                   int NOT NULL DEFAULT 0,
    created_at               timestamptz NOT NULL DEFAULT now(),
    updated_at               timestamptz NOT NULL DEFAULT now(),
    processed_at             timestamptz,
    UNIQUE (order_id, attempt),
    CONSTRAINT valid_amount CHECK (amount > 0),
    CONSTRAINT valid_status CHECK (status IN (
        'pending', 'processing', 'requires_action', 'succeeded', 'failed', 'cancelled', 'refunded'))
);
-- At most one payment of an order is under way or has paid it.
CREATE UNIQUE INDEX payments_alive ON payments (order_id)
    WHERE status IN ('pending', 'processing', 'requires_action', 'succeeded') AND NOT is_unwanted;
CREATE INDEX payments_user_id ON payments (user_id);
CREATE INDEX payments_created_at ON payments (created_at);
CREATE INDEX payments_due ON payments (next_check_at) WHERE next_check_at IS NOT NULL;

-- What is posted to Stripe, written before it is posted. Under one key Stripe charges at most once; a key is only good with
-- the parameters that it was first used with, so that all of them are kept.
CREATE TABLE payment_attempts (
    id                     uuid PRIMARY KEY,
    payment_id             uuid NOT NULL REFERENCES payments (id) ON DELETE CASCADE,
    attempt_number         int NOT NULL CHECK (attempt_number > 0),
    stripe_idempotency_key text NOT NULL UNIQUE CHECK (length(stripe_idempotency_key) BETWEEN 1 AND 255),
    customer               text,
    return_url             text,
    status                 text NOT NULL DEFAULT 'pending' CHECK (status IN (
        'pending', 'processing', 'requires_action', 'succeeded', 'failed', 'cancelled')),
    error_code             text,
    error_message          text,
    provider_response      jsonb,
    -- Answers of Stripe that were its own failures: it repeats those under the same key.
    provider_failures      int NOT NULL DEFAULT 0,
    created_at             timestamptz NOT NULL DEFAULT now(),
    posted_at              timestamptz NOT NULL DEFAULT now(),
    UNIQUE (payment_id, attempt_number)
);

CREATE TABLE refunds (
    id                     uuid PRIMARY KEY,
    payment_id             uuid NOT NULL REFERENCES payments (id),
    stripe_refund_id       text UNIQUE,
    -- NULL for a refund that was not made here.
    stripe_idempotency_key text UNIQUE,
    amount                 bigint NOT NULL,
    reason                 text,
    status                 text NOT NULL,
    failure_reason         text,
    attempts               int NOT NULL DEFAULT 0,
    next_attempt_at        timestamptz,
    created_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz NOT NULL DEFAULT now(),
    processed_at           timestamptz,
    CONSTRAINT valid_refund_amount CHECK (amount > 0),
    CONSTRAINT valid_refund_status CHECK (status IN ('pending', 'succeeded', 'failed', 'cancelled'))
);
CREATE INDEX refunds_payment_id ON refunds (payment_id);
CREATE INDEX refunds_due ON refunds (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE disputes (
    -- Stripe's id.
    id         text PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    amount     bigint NOT NULL,
    currency   text NOT NULL,
    reason     text NOT NULL,
    status     text NOT NULL,
    -- When Stripe said so: an older event does not overwrite a newer one.
    told_at    timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX disputes_payment_id ON disputes (payment_id);

-- What Stripe told, stored before it is answered and handled afterwards.
CREATE TABLE webhook_events (
    event_id    text PRIMARY KEY CHECK (length(event_id) BETWEEN 1 AND 255),
    type        text NOT NULL,
    -- The body byte for byte, as it was signed.
    payload     bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    handled_at  timestamptz,
    attempts    int NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT now(),
    -- Why it is not handled yet, or was given up.
    error       text
);
CREATE INDEX webhook_events_due ON webhook_events (due_at) WHERE handled_at IS NULL;
CREATE INDEX webhook_events_handled ON webhook_events (handled_at) WHERE handled_at IS NOT NULL;

-- The books are not thrown away.
REVOKE DELETE, TRUNCATE ON order_accounts, payments, payment_attempts, refunds, disputes FROM :login_role;
