-- Every change of stock, for ever. The sums of a product's entries are its stock in every committed state, because one
-- statement changes both: see move_stock().
CREATE TABLE stock_ledger (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    -- No foreign key: products are never deleted, and checking that for each line of each order would cost more than it is
    -- worth.
    product_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN (
        'opening', 'created', 'restocked', 'adjusted', 'reserved', 'committed', 'released')),
    -- By how much each of the product's numbers changed.
    available  bigint NOT NULL,
    reserved   bigint NOT NULL DEFAULT 0,
    sold       bigint NOT NULL DEFAULT 0,
    order_id   uuid,
    reason     text,
    note       text,
    -- `staff:<id>` or `customer:<id>`; NULL for the fleet itself.
    actor      text,
    at         timestamptz NOT NULL DEFAULT now(),
    -- Ids grow while the product's row is locked, so that within a product they are in the order of the changes.
    PRIMARY KEY (product_id, id),
    CONSTRAINT adjusted_for_a_reason CHECK (kind <> 'adjusted' OR reason IS NOT NULL)
);

REVOKE UPDATE, DELETE, TRUNCATE ON stock_ledger FROM :login_role;
REVOKE DELETE, TRUNCATE ON products FROM :login_role;

INSERT INTO stock_ledger (product_id, kind, available, reserved, sold)
SELECT id, 'opening', available, reserved, sold FROM products;

-- The one way in which stock changes: the numbers of the products, the entries of the ledger, and the mark of those whose
-- stock became low, empty or neither. The factors say what becomes of each quantity: -1, 0 or 1. What they do not cancel
-- out came in or is gone. With several products the caller has locked them in the order of their ids.
-- Returns whether a product was marked.
CREATE FUNCTION move_stock(
    p_kind text, p_product_ids uuid[], p_quantities bigint[], p_available bigint, p_reserved bigint, p_sold bigint,
    p_order_id uuid DEFAULT NULL, p_reason text DEFAULT NULL, p_note text DEFAULT NULL, p_actor text DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    v_is_marked boolean;
BEGIN
    WITH moved AS (
        UPDATE products p
           SET available = p.available + p_available * w.quantity,
               reserved = p.reserved + p_reserved * w.quantity,
               sold = p.sold + p_sold * w.quantity,
               received = p.received + (p_available + p_reserved + p_sold) * w.quantity,
               updated_at = now()
          FROM unnest(p_product_ids, p_quantities) AS w(product_id, quantity)
         WHERE p.id = w.product_id
        RETURNING p.id, w.quantity, p.alert <> stock_level(p.available, p.low_stock_at) AS is_news
    ), booked AS (
        INSERT INTO stock_ledger (product_id, kind, available, reserved, sold, order_id, reason, note, actor)
        SELECT id, p_kind, p_available * quantity, p_reserved * quantity, p_sold * quantity, p_order_id, p_reason,
               p_note, p_actor
          FROM moved
    ), marked AS (
        INSERT INTO stock_alerts (product_id) SELECT id FROM moved WHERE is_news ON CONFLICT DO NOTHING
    )
    SELECT coalesce(bool_or(is_news), false) INTO v_is_marked FROM moved;
    RETURN v_is_marked;
END
$$;

-- The same for products that nobody has locked yet.
CREATE FUNCTION settle_stock(
    p_kind text, p_product_ids uuid[], p_quantities bigint[], p_available bigint, p_reserved bigint, p_sold bigint,
    p_order_id uuid, p_actor text)
RETURNS boolean
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM FROM products WHERE id = ANY (p_product_ids) ORDER BY id FOR NO KEY UPDATE;
    RETURN move_stock(
        p_kind, p_product_ids, p_quantities, p_available, p_reserved, p_sold, p_order_id, p_actor => p_actor);
END
$$;

-- Products whose ledger does not add up to their stock: there are none.
CREATE FUNCTION stock_mismatches()
RETURNS TABLE (
    product_id uuid, available bigint, reserved bigint, sold bigint,
    booked_available bigint, booked_reserved bigint, booked_sold bigint)
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(p.id, l.product_id), p.available, p.reserved, p.sold, l.available, l.reserved, l.sold
      FROM products p
      FULL JOIN (SELECT product_id, sum(available)::bigint AS available, sum(reserved)::bigint AS reserved,
                        sum(sold)::bigint AS sold
                   FROM stock_ledger GROUP BY product_id) l ON l.product_id = p.id
     WHERE (p.available, p.reserved, p.sold) IS DISTINCT FROM (l.available, l.reserved, l.sold)
     ORDER BY 1
$$;
