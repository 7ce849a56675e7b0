-- Where orders go. Not in the events, which are kept for ever and leave this schema: an address is personal, and erasing it
-- empties the row. Version is that of the event that brought the address.
CREATE TABLE order_addresses (
    order_id uuid NOT NULL,
    version  bigint NOT NULL CHECK (version > 0),
    -- NULL once it has been erased. json, not jsonb: reads show it as it was written.
    address  json,
    PRIMARY KEY (order_id, version)
);
INSERT INTO order_addresses (order_id, version, address)
SELECT id, 1, document->'shippingAddress' FROM orders WHERE document->'shippingAddress' IS NOT NULL;
REVOKE DELETE, TRUNCATE ON order_addresses FROM :login_role;

-- What staff finds an order by: the words of its products' names and of its address. The worker, which has them at hand,
-- does not read the document again for each order; this is for orders that are there already, and to check.
CREATE FUNCTION order_words(document json) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple'::regconfig, concat_ws(' ',
        (SELECT string_agg(name, ' ') FROM json_to_recordset(o.items) AS i (name text)),
        a.street, a.city, a.state, a."zipCode", a.country))
    FROM json_to_record(document) AS o (items json, "shippingAddress" json)
    LEFT JOIN json_to_record(o."shippingAddress")
              AS a (street text, city text, state text, "zipCode" text, country text) ON true
$$;
CREATE TABLE order_search (
    order_id uuid PRIMARY KEY,
    words    tsvector NOT NULL
);
INSERT INTO order_search (order_id, words) SELECT id, order_words(document) FROM orders;
-- New rows go to the end of a list that vacuum sorts into the index: no order waits for that.
CREATE INDEX order_search_words ON order_search USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 32768);
ALTER TABLE order_search SET (autovacuum_vacuum_insert_threshold = 5000, autovacuum_vacuum_insert_scale_factor = 0);

-- Pages, newest first: ids rise with time.
CREATE INDEX orders_of_user ON orders (user_id, id);
CREATE INDEX orders_by_status ON orders (status, id);

-- What is to happen elsewhere after an order was confirmed or cancelled. There is none for an order that waits to be paid:
-- the order's own row says that.
CREATE TABLE saga_steps (
    order_id uuid NOT NULL,
    step     text NOT NULL CHECK (step IN ('commit-stock', 'release-stock', 'void-payment')),
    since    timestamptz NOT NULL DEFAULT now(),
    -- How often the participant was called, because its event was overdue.
    attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- When it is called next, while the step is outstanding.
    due_at   timestamptz NOT NULL,
    done_at  timestamptz,
    -- By the participant's event, by the answer to a call, or not needed any more.
    done_by  text CHECK (done_by IN ('event', 'call', 'superseded')),
    -- Why the last call did not do.
    error    text,
    PRIMARY KEY (order_id, step),
    CONSTRAINT done_somehow CHECK ((done_at IS NULL) = (done_by IS NULL))
);
CREATE INDEX saga_steps_due ON saga_steps (due_at) WHERE done_at IS NULL;
REVOKE DELETE, TRUNCATE ON saga_steps FROM :login_role;
