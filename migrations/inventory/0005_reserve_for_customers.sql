ALTER TABLE reservations
    -- The customer for whom stock is held; NULL when whoever asked did not say.
    ADD COLUMN user_id uuid;
CREATE INDEX reservations_held_for ON reservations (user_id) WHERE state = 'held' AND user_id IS NOT NULL;

-- Holds all lines of an order or none, in one call. Product rows are locked in the order of their ids, so that two orders
-- never wait for each other. A price of -1 takes the catalogue's. A customer who holds p_hold_limit reservations gets no
-- other one (0: no limit); the lock on the customer makes that exact. Refusals are errors, so that nothing of the
-- transaction around it stays: FL001 unknown product, FL002 price changed, FL003 out of stock, FL004 sold in another
-- currency, FL006 discontinued, FL007 too many holds; the detail is a JSON array of the lines concerned. When the request
-- was granted before under its key it is not refused: that is a unique violation, whatever has changed since.
--
-- The last three parameters have defaults for workers that were started before there were any.
DROP FUNCTION reserve(uuid, text, uuid[], bigint[], bigint[], text, timestamptz);
CREATE FUNCTION reserve(
    p_order_id uuid, p_request_key text, p_product_ids uuid[], p_quantities bigint[], p_prices bigint[],
    p_currency text, p_expires_at timestamptz, p_user_id uuid DEFAULT NULL, p_hold_limit bigint DEFAULT 0,
    p_actor text DEFAULT NULL)
RETURNS TABLE (names text[], prices bigint[], is_marked boolean)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    v_names      text[];
    v_prices     bigint[];
    v_found      int;
    v_offered    boolean;
    v_payable    boolean;
    v_priced     boolean;
    v_stocked    boolean;
    v_capped     boolean := false;
    v_is_marked  boolean;
BEGIN
    IF p_user_id IS NOT NULL AND p_hold_limit > 0 THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_user_id::text, 0));
        SELECT count(*) >= p_hold_limit INTO v_capped
          FROM (SELECT FROM reservations WHERE user_id = p_user_id AND state = 'held' LIMIT p_hold_limit) held;
    END IF;

    IF NOT v_capped THEN
        SELECT array_agg(held.name ORDER BY held.line), array_agg(held.price ORDER BY held.line), count(*),
               bool_and(NOT held.discontinued), bool_and(held.currency = p_currency),
               bool_and(held.wanted IN (-1, held.price)), bool_and(held.available >= held.quantity)
          INTO v_names, v_prices, v_found, v_offered, v_payable, v_priced, v_stocked
          FROM (SELECT p.name, p.price, p.currency, p.available, p.discontinued, w.line, w.quantity, w.wanted
                  FROM unnest(p_product_ids, p_quantities, p_prices)
                       WITH ORDINALITY AS w(product_id, quantity, wanted, line)
                  JOIN products p ON p.id = w.product_id
                 ORDER BY p.id FOR NO KEY UPDATE OF p) held;
    END IF;

    IF v_capped OR v_found < cardinality(p_product_ids) OR NOT (v_offered AND v_payable AND v_priced AND v_stocked) THEN
        IF EXISTS (SELECT FROM reservations WHERE request_key = p_request_key) THEN
            RAISE unique_violation USING MESSAGE = 'reserved before under this key', TABLE = 'reservations';
        ELSIF v_capped THEN
            RAISE EXCEPTION 'too many holds' USING ERRCODE = 'FL007';
        ELSIF v_found < cardinality(p_product_ids) THEN
            RAISE EXCEPTION 'unknown product' USING ERRCODE = 'FL001', DETAIL =
                (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', w.product_id))
                   FROM unnest(p_product_ids) WITH ORDINALITY AS w(product_id, line)
                  WHERE NOT EXISTS (SELECT FROM products p WHERE p.id = w.product_id));
        ELSIF NOT v_offered THEN
            RAISE EXCEPTION 'discontinued' USING ERRCODE = 'FL006', DETAIL =
                (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', p.id) ORDER BY w.line)
                   FROM unnest(p_product_ids) WITH ORDINALITY AS w(product_id, line)
                   JOIN products p ON p.id = w.product_id WHERE p.discontinued);
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
        ELSE
            RAISE EXCEPTION 'out of stock' USING ERRCODE = 'FL003', DETAIL =
                (SELECT json_agg(json_build_object('line', w.line - 1, 'productId', p.id, 'available', p.available)
                                 ORDER BY w.line)
                   FROM unnest(p_product_ids, p_quantities) WITH ORDINALITY AS w(product_id, quantity, line)
                   JOIN products p ON p.id = w.product_id WHERE p.available < w.quantity);
        END IF;
    END IF;

    INSERT INTO reservations
        (order_id, request_key, product_ids, names, quantities, prices, currency, expires_at, user_id)
    VALUES (p_order_id, p_request_key, p_product_ids, v_names, p_quantities, v_prices, p_currency, p_expires_at,
            p_user_id);

    v_is_marked := move_stock('reserved', p_product_ids, p_quantities, -1, 1, 0, p_order_id, p_actor => p_actor);

    RETURN QUERY SELECT v_names, v_prices, v_is_marked;
END
$$;
