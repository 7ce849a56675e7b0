-- The projection of the order events: one row an order, written in the transaction that appends the event.
CREATE TABLE orders (
    id             uuid PRIMARY KEY,
    user_id        uuid NOT NULL,
    status         text NOT NULL CHECK (status IN ('pending', 'confirmed', 'shipped', 'delivered', 'cancelled')),
    -- Minor units of the currency.
    total_amount   bigint NOT NULL CHECK (total_amount > 0),
    currency       text NOT NULL CHECK (length(currency) = 3),
    -- The version of the last event that is in here.
    version        bigint NOT NULL CHECK (version > 0),
    -- What a read answers, byte for byte.
    document       json NOT NULL,
    -- A pending order that is not paid by then is cancelled.
    payment_due_at timestamptz NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);
CREATE INDEX orders_payment_due ON orders (payment_due_at) WHERE status = 'pending';
