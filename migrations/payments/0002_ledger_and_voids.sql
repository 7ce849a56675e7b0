-- When PAYMENT_VOIDED was told: the order is cancelled, nothing can be captured any more and what was captured has gone back.
ALTER TABLE order_accounts ADD COLUMN voided_at timestamptz;

-- What Stripe is told, kept because a key is only good with the parameters that it was first used with.
ALTER TABLE refunds ADD COLUMN stripe_reason text NOT NULL DEFAULT 'requested_by_customer'
    CHECK (stripe_reason IN ('requested_by_customer', 'duplicate', 'fraudulent'));
-- Who asked for it, as `staff:<id>`; NULL when it follows from an event.
ALTER TABLE refunds ADD COLUMN requested_by text;

-- Every call to Stripe about a payment, for the timeline of its order.
CREATE TABLE provider_calls (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    refund_id  uuid REFERENCES refunds (id),
    name       text NOT NULL,
    -- What Stripe said, or why it said nothing.
    outcome    text NOT NULL,
    began_at   timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL,
    -- W3C trace context of the request or event that caused it.
    trace      text
);
CREATE INDEX provider_calls_payment_id ON provider_calls (payment_id);
REVOKE UPDATE, DELETE, TRUNCATE ON provider_calls FROM :login_role;

-- Whose it is, once that is known, and how often it came.
ALTER TABLE webhook_events ADD COLUMN payment_id uuid;
ALTER TABLE webhook_events ADD COLUMN deliveries int NOT NULL DEFAULT 1;
CREATE INDEX webhook_events_payment_id ON webhook_events (payment_id) WHERE payment_id IS NOT NULL;

-- A customer's payments, the latest first.
CREATE INDEX payments_of_user ON payments (user_id, id DESC);
DROP INDEX payments_user_id;

-- What Stripe answered of a dispute only ever moves on: inquiry, dispute, review, verdict. An event that comes late is
-- known by its lower rank, whatever its time says; a verdict is only replaced by a later one.
CREATE FUNCTION dispute_rank(status text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN status IN ('won', 'lost', 'warning_closed', 'prevented') THEN 3
        WHEN status = 'under_review' THEN 2
        WHEN status = 'needs_response' THEN 1
        ELSE 0 END
$$;

-- Whether the bank has taken the money while a dispute stands like this.
CREATE FUNCTION is_withdrawn(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT status IN ('needs_response', 'under_review', 'lost')
$$;

-- Money by double entry: rows with one transaction_id sum to zero in each currency. Positive is a debit: what we have at
-- Stripe, what went back, what banks took, what Stripe kept. Rows are never changed; what turns out otherwise is booked back.
CREATE TABLE ledger_entries (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction_id uuid NOT NULL,
    account        text NOT NULL
                   CHECK (account IN ('stripe_balance', 'revenue', 'refunds', 'disputes', 'fees')),
    -- Minor units of the currency.
    amount         bigint NOT NULL CHECK (amount <> 0),
    currency       text NOT NULL CHECK (length(currency) = 3),
    payment_id     uuid NOT NULL REFERENCES payments (id),
    refund_id      uuid REFERENCES refunds (id),
    dispute_id     text REFERENCES disputes (id),
    at             timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ledger_entries_payment_id ON ledger_entries (payment_id);

-- Nothing is written that does not sum to zero by itself, so that no transaction ever stops doing so.
CREATE FUNCTION check_ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY transaction_id, currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'a ledger transaction does not sum to zero' USING ERRCODE = 'FL001';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_ledger_balance();

-- Takes `p_amount` from what we have at Stripe to an account; a negative one the other way. Nothing for 0. In plpgsql, which
-- keeps its plans: a function in SQL would be planned in every payment.
CREATE FUNCTION post_to_ledger(
    p_account text, p_amount bigint, p_currency text, p_payment_id uuid, p_refund_id uuid, p_dispute_id text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_transaction_id uuid := gen_random_uuid();
BEGIN
    IF p_amount <> 0 THEN
        INSERT INTO :schema.ledger_entries (
            transaction_id, account, amount, currency, payment_id, refund_id, dispute_id)
        VALUES (v_transaction_id, 'stripe_balance', -p_amount, p_currency, p_payment_id, p_refund_id, p_dispute_id),
               (v_transaction_id, p_account, p_amount, p_currency, p_payment_id, p_refund_id, p_dispute_id);
    END IF;
END
$$;

-- The books are followed by triggers, so that no way of changing a payment, a refund or a dispute can leave the ledger behind.
CREATE FUNCTION captured_amount(status text, amount bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN status IN ('succeeded', 'refunded') THEN amount ELSE 0 END
$$;

CREATE FUNCTION follow_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_captured bigint := :schema.captured_amount(NEW.status, NEW.amount);
    v_fee      bigint := coalesce(NEW.provider_fee, 0);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        v_captured := v_captured - :schema.captured_amount(OLD.status, OLD.amount);
        v_fee := v_fee - coalesce(OLD.provider_fee, 0);
    END IF;
    IF v_captured <> 0 THEN
        PERFORM :schema.post_to_ledger('revenue', -v_captured, NEW.currency, NEW.id, NULL, NULL);
    END IF;
    IF v_fee <> 0 THEN
        PERFORM :schema.post_to_ledger('fees', v_fee, NEW.currency, NEW.id, NULL, NULL);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER payments_ledger_insert AFTER INSERT ON payments FOR EACH ROW
    WHEN (NEW.status IN ('succeeded', 'refunded') OR NEW.provider_fee IS NOT NULL) EXECUTE FUNCTION follow_payment();
CREATE TRIGGER payments_ledger_update AFTER UPDATE OF status, provider_fee ON payments FOR EACH ROW
    WHEN ((OLD.status, OLD.provider_fee) IS DISTINCT FROM (NEW.status, NEW.provider_fee))
    EXECUTE FUNCTION follow_payment();

CREATE FUNCTION follow_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_refunded bigint := CASE WHEN NEW.status = 'succeeded' THEN NEW.amount ELSE 0 END;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'succeeded' THEN
        v_refunded := v_refunded - OLD.amount;
    END IF;
    IF v_refunded <> 0 THEN
        PERFORM :schema.post_to_ledger('refunds', v_refunded, p.currency, NEW.payment_id, NEW.id, NULL)
           FROM :schema.payments p WHERE p.id = NEW.payment_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER refunds_ledger_insert AFTER INSERT ON refunds FOR EACH ROW
    WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION follow_refund();
CREATE TRIGGER refunds_ledger_update AFTER UPDATE OF status ON refunds FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION follow_refund();

CREATE FUNCTION follow_dispute() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_withdrawn bigint := CASE WHEN :schema.is_withdrawn(NEW.status) THEN NEW.amount ELSE 0 END;
BEGIN
    IF TG_OP = 'UPDATE' AND :schema.is_withdrawn(OLD.status) THEN
        v_withdrawn := v_withdrawn - OLD.amount;
    END IF;
    IF v_withdrawn <> 0 THEN
        PERFORM :schema.post_to_ledger('disputes', v_withdrawn, NEW.currency, NEW.payment_id, NULL, NEW.id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER disputes_ledger_insert AFTER INSERT ON disputes FOR EACH ROW EXECUTE FUNCTION follow_dispute();
CREATE TRIGGER disputes_ledger_update AFTER UPDATE OF status, amount ON disputes FOR EACH ROW
    EXECUTE FUNCTION follow_dispute();

-- What the books held before there was a ledger.
SELECT post_to_ledger('revenue', -amount, currency, id, NULL, NULL) FROM payments
 WHERE status IN ('succeeded', 'refunded');
SELECT post_to_ledger('fees', provider_fee, currency, id, NULL, NULL) FROM payments WHERE provider_fee <> 0;
SELECT post_to_ledger('refunds', r.amount, p.currency, p.id, r.id, NULL)
  FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.status = 'succeeded';
SELECT post_to_ledger('disputes', amount, currency, payment_id, NULL, id) FROM disputes WHERE is_withdrawn(status);

-- What the ledger says of each payment, in minor units: captured - refunded - disputed - fees = balance.
CREATE VIEW payment_balances AS
SELECT payment_id, currency,
       coalesce(-sum(amount) FILTER (WHERE account = 'revenue'), 0)::bigint AS captured,
       coalesce(sum(amount) FILTER (WHERE account = 'refunds'), 0)::bigint AS refunded,
       coalesce(sum(amount) FILTER (WHERE account = 'disputes'), 0)::bigint AS disputed,
       coalesce(sum(amount) FILTER (WHERE account = 'fees'), 0)::bigint AS fees,
       coalesce(sum(amount) FILTER (WHERE account = 'stripe_balance'), 0)::bigint AS balance
  FROM ledger_entries GROUP BY payment_id, currency;

-- Payments of which ledger and books say different things, and transactions that do not sum to zero: empty when all is well.
CREATE VIEW ledger_discrepancies AS
SELECT p.id::text AS id, what.name, what.in_books, what.in_ledger
  FROM payments p
  LEFT JOIN payment_balances b ON b.payment_id = p.id AND b.currency = p.currency
 CROSS JOIN LATERAL (VALUES
       ('captured', captured_amount(p.status, p.amount), coalesce(b.captured, 0)),
       ('refunded', (SELECT coalesce(sum(r.amount), 0)::bigint FROM refunds r
                      WHERE r.payment_id = p.id AND r.status = 'succeeded'), coalesce(b.refunded, 0)),
       ('disputed', (SELECT coalesce(sum(d.amount), 0)::bigint FROM disputes d
                      WHERE d.payment_id = p.id AND is_withdrawn(d.status)), coalesce(b.disputed, 0)),
       ('fees', coalesce(p.provider_fee, 0), coalesce(b.fees, 0))) AS what(name, in_books, in_ledger)
 WHERE what.in_books <> what.in_ledger
UNION ALL
SELECT transaction_id::text, 'sum of the transaction', 0, sum(amount)::bigint
  FROM ledger_entries GROUP BY transaction_id, currency HAVING sum(amount) <> 0
UNION ALL
SELECT e.id::text, 'currency', NULL, NULL
  FROM ledger_entries e JOIN payments p ON p.id = e.payment_id WHERE e.currency <> p.currency;

-- A payment with what became of its money: what a cancelled order waits for.
CREATE VIEW payment_standings AS
SELECT p.id, p.order_id, p.amount, p.status, p.cancel_wanted, r.refunded, r.refunding, d.disputed,
       NOT p.cancel_wanted
       AND p.status NOT IN ('pending', 'processing', 'requires_action')
       AND (p.status <> 'succeeded' OR r.refunded + d.disputed >= p.amount) AS is_settled
  FROM payments p
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(amount) FILTER (WHERE status = 'succeeded'), 0)::bigint AS refunded,
              coalesce(sum(amount) FILTER (WHERE status = 'pending'), 0)::bigint AS refunding
         FROM refunds WHERE payment_id = p.id) r
 CROSS JOIN LATERAL (
       SELECT coalesce(sum(amount), 0)::bigint AS disputed
         FROM disputes WHERE payment_id = p.id AND is_withdrawn(status)) d;

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entries FROM :login_role;
