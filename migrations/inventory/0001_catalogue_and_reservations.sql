CREATE TABLE products (
    id         uuid PRIMARY KEY,
    sku        text NOT NULL UNIQUE CHECK (length(sku) BETWEEN 1 AND 64),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- Minor units of the currency.
    price      bigint NOT NULL CHECK (price > 0),
    currency   text NOT NULL CHECK (length(currency) = 3),
    -- What can be sold, what is held for orders that are not confirmed, what confirmed orders have taken.
    available  bigint NOT NULL CHECK (available >= 0),
    reserved   bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    sold       bigint NOT NULL DEFAULT 0 CHECK (sold >= 0),
    -- All that ever came in. The last check is what "no oversell" and "stock is conserved" mean.
    received   bigint NOT NULL CHECK (received >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stock_is_conserved CHECK (available + reserved + sold = received)
);

-- The stock held or taken for one order. The arrays run in parallel, in the order of the order's lines.
CREATE TABLE reservations (
    order_id    uuid PRIMARY KEY,
    -- Under the same key the same reservation is answered, whatever order id a repeated request brings.
    request_key text UNIQUE,
    state       text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'committed', 'released')),
    version     bigint NOT NULL DEFAULT 1,
    product_ids uuid[] NOT NULL,
    names       text[] NOT NULL,
    quantities  bigint[] NOT NULL,
    prices      bigint[] NOT NULL,
    currency    text NOT NULL,
    -- When a held one is looked at again, in case its order never came to be.
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz
);
CREATE INDEX reservations_expiry ON reservations (expires_at) WHERE state = 'held';

-- Holds all lines of an order or none, in one call. Product rows are locked in the order of their ids, so that two orders
-- never wait for each other. A price of -1 takes the catalogue's. Refusals are errors, so that nothing of the
-- transaction around it stays: FL001 unknown product, FL002 price changed, FL003 out of stock, FL004 sold in another
-- currency; the detail is a JSON array of the lines concerned.
CREATE FUNCTION reserve(
    p_order_id uuid, p_request_key text, p_product_ids uuid[], p_quantities bigint[], p_prices bigint[],
    p_currency text, p_expires_at timestamptz)
RETURNS TABLE (names text[], prices bigint[])
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    v_names      text[];
    v_prices     bigint[];
    v_found      int;
    v_payable    boolean;
    v_priced     boolean;
    v_stocked    boolean;
BEGIN
    SELECT array_agg(held.name ORDER BY held.line), array_agg(held.price ORDER BY held.line), count(*),
           bool_and(held.currency = p_currency), bool_and(held.wanted IN (-1, held.price)),
           bool_and(held.available >= held.quantity)
      INTO v_names, v_prices, v_found, v_payable, v_priced, v_stocked
      FROM (SELECT p.name, p.price, p.currency, p.available, w.line, w.quantity, w.wanted
              FROM unnest(p_product_ids, p_quantities, p_prices) WITH ORDINALITY AS w(product_id, quantity, wanted, line)
              JOIN products p ON p.id = w.product_id
             ORDER BY p.id FOR NO KEY UPDATE OF p) held;

    IF v_found < cardinality(p_product_ids) THEN
        RAISE EXCEPTION 'unknown product' USING ERRCODE = 'FL001', DETAIL =
            (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', w.product_id))
               FROM unnest(p_product_ids) WITH ORDINALITY AS w(product_id, line)
              WHERE NOT EXISTS (SELECT FROM products p WHERE p.id = w.product_id));
    ELSIF NOT v_payable THEN
        RAISE EXCEPTION 'another currency' USING ERRCODE = 'FL004', DETAIL =
            (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', p.id, 'currency', p.currency)
                             ORDER BY w.line)
               FROM unnest(p_product_ids) WITH ORDINALITY AS w(product_id, line)
               JOIN products p ON p.id = w.product_id WHERE p.currency <> p_currency);
    ELSIF NOT v_priced THEN
        RAISE EXCEPTION 'price changed' USING ERRCODE = 'FL002', DETAIL =
            (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', p.id, 'price', p.price)
                             ORDER BY w.line)
               FROM unnest(p_product_ids, p_prices) WITH ORDINALITY AS w(product_id, wanted, line)
               JOIN products p ON p.id = w.product_id WHERE w.wanted NOT IN (-1, p.price));
    ELSIF NOT v_stocked THEN
        RAISE EXCEPTION 'out of stock' USING ERRCODE = 'FL003', DETAIL =
            (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', p.id, 'available', p.available)
                             ORDER BY w.line)
               FROM unnest(p_product_ids, p_quantities) WITH ORDINALITY AS w(product_id, quantity, line)
               JOIN products p ON p.id = w.product_id WHERE p.available < w.quantity);
    END IF;

    INSERT INTO reservations (order_id, request_key, product_ids, names, quantities, prices, currency, expires_at)
    VALUES (p_order_id, p_request_key, p_product_ids, v_names, p_quantities, v_prices, p_currency, p_expires_at);

    UPDATE products p
       SET available = p.available - w.quantity, reserved = p.reserved + w.quantity, updated_at = now()
      FROM unnest(p_product_ids, p_quantities) AS w(product_id, quantity)
     WHERE p.id = w.product_id;

    RETURN QUERY SELECT v_names, v_prices;
END
$$;
