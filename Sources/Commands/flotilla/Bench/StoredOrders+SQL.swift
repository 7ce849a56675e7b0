import Postgres

extension StoredOrders {
    static let preparation: [Statement] = [
        "CREATE SCHEMA bench",
        "CREATE UNLOGGED TABLE bench.customers (n bigint PRIMARY KEY, id uuid NOT NULL)",
        "CREATE UNLOGGED TABLE bench.products (n bigint PRIMARY KEY, id uuid NOT NULL, name text NOT NULL, price bigint NOT NULL)",
    ]
    static let customers: Statement =
        "INSERT INTO bench.customers (n, id) SELECT n - 1, id FROM unnest($1::uuid[]) WITH ORDINALITY AS c (id, n)"
    static let products: Statement = """
        INSERT INTO bench.products (n, id, name, price)
        SELECT n - 1, id, name, price
        FROM unnest($1::uuid[], $2::text[], $3::bigint[]) WITH ORDINALITY AS p (id, name, price, n)
        """
    /// Autovacuum, which would come while it is measured, finds nothing to do after this, and what orders are read from is in
    /// memory, as in a server that has been up for a while.
    static let conclusion: [Statement] = [
        "DROP SCHEMA bench CASCADE", "VACUUM (ANALYZE)", "CHECKPOINT", "CREATE EXTENSION pg_prewarm",
        "SELECT sum(pg_prewarm(c.oid)) FROM pg_class c WHERE c.relnamespace = 'orders'::regnamespace AND c.relkind IN ('r', 'i')",
    ]
    static let sample: Statement = "SELECT id::text, user_id::text FROM orders.orders ORDER BY random() LIMIT $1"

    /// The orders from $1 to $2 of $3, the last of which was placed just now and each other one 30 seconds before the next.
    static let orders: Statement = """
        WITH made AS MATERIALIZED (
            SELECT t.n, (lpad(to_hex((extract(epoch FROM placed) * 1000)::bigint), 12, '0') || '7' || substr(md5('order' || t.n), 1, 3)
                       || '8' || substr(md5('order' || t.n), 4, 15))::uuid AS id,
                c.id AS user_id, placed, placed + interval '1 second' AS decided,
                CASE WHEN t.n % 10 = 0 THEN 'cancelled' WHEN t.n % 10 < 3 THEN 'confirmed' WHEN t.n % 10 = 3 THEN 'shipped'
                     ELSE 'delivered' END AS status,
                a.id AS a, b.id AS b, a.name AS a_name, b.name AS b_name, a.price AS a_price, b.price AS b_price,
                1 + t.n % 3 AS quantity, (1 + t.n % 3) * a.price + b.price AS total,
                '{"street":"' || t.n || ' Quay","city":"Town ' || t.n % 5000 || '","zipCode":"12345","country":"US"}' AS address
            FROM (SELECT n, date_trunc('milliseconds', now()) - ($3 - n) * interval '30 seconds' AS placed
                  FROM generate_series($1, $2) n) t
            JOIN bench.customers c ON c.n = t.n * 7919 % (SELECT count(*) FROM bench.customers)
            JOIN bench.products a ON a.n = t.n % 1000
            JOIN bench.products b ON b.n = (t.n + 1 + t.n / 1000 % 998) % 1000
        ), told AS MATERIALIZED (
            SELECT *, to_char(placed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS placed_text,
                to_char((placed + interval '30 minutes') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS due_text,
                '[{"productId":"' || a || '","name":"' || a_name || '","quantity":' || quantity || ',"price":'
                    || (a_price / 100.0)::numeric(12, 2) || '},{"productId":"' || b || '","name":"' || b_name
                    || '","quantity":1,"price":' || (b_price / 100.0)::numeric(12, 2) || '}]' AS items,
                (total / 100.0)::numeric(12, 2)::text AS amount
            FROM made
        ), steps AS MATERIALIZED (
            SELECT told.*, version, step, placed + (version - 1) * interval '1 second' AS at,
                to_char((placed + (version - 1) * interval '1 second') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at_text
            FROM told, LATERAL unnest(CASE status
                WHEN 'cancelled' THEN ARRAY['pending', 'cancelled'] WHEN 'confirmed' THEN ARRAY['pending', 'confirmed']
                WHEN 'shipped' THEN ARRAY['pending', 'confirmed', 'shipped']
                ELSE ARRAY['pending', 'confirmed', 'shipped', 'delivered'] END) WITH ORDINALITY AS s (step, version)
        ), events AS (
            INSERT INTO orders.events (event_id, aggregate, aggregate_id, version, type, payload, headers, created_at, published_at)
            SELECT (left(id::text, 15) || substr(md5('event' || n || version), 1, 3) || '-8' || substr(md5('event' || n || version), 4, 3)
                    || '-' || substr(md5('event' || n || version), 7, 12))::uuid,
                'order', id, version,
                CASE step WHEN 'pending' THEN 'ORDER_CREATED' WHEN 'cancelled' THEN 'ORDER_CANCELLED' ELSE 'ORDER_STATUS_UPDATED' END,
                ('{"eventType":"' || CASE step WHEN 'pending' THEN 'ORDER_CREATED' WHEN 'cancelled' THEN 'ORDER_CANCELLED'
                    ELSE 'ORDER_STATUS_UPDATED' END || '","orderId":"' || id || '","userId":"' || user_id || '","status":"' || step || '",'
                 || CASE step WHEN 'pending' THEN '"items":' || items || ',' WHEN 'cancelled' THEN '"reason":"payment-failed",' ELSE '' END
                 || '"totalAmount":' || amount || ',"currency":"USD",'
                 || CASE step WHEN 'pending' THEN '"paymentDueAt":"' || due_text || '",' ELSE '' END
                 || '"timestamp":"' || at_text || '"}')::json,
                jsonb_build_object('actor', 'customer:' || user_id, 'command', 'orders.create', 'traceparent',
                    '00-' || md5('trace' || n) || '-' || left(md5('span' || n), 16) || '-01'), at, at + interval '5 milliseconds'
            FROM steps ORDER BY at
        ), shown AS (
            SELECT *, ('{"id":"' || id || '","userId":"' || user_id || '","items":' || items || ',"totalAmount":' || amount
                || ',"currency":"USD","status":"' || status || '","shippingAddress":' || address || ',"createdAt":"' || placed_text
                || '","updatedAt":"' || at_text || '"}')::json AS document
            FROM steps WHERE step = status
        ), orders AS (
            INSERT INTO orders.orders (id, user_id, status, total_amount, currency, version, document, payment_due_at, created_at, updated_at)
            SELECT id, user_id, status, total, 'USD', version, document, placed + interval '30 minutes', placed, at FROM shown ORDER BY id
        ), search AS (
            INSERT INTO orders.order_search (order_id, words) SELECT id, orders.order_words(document) FROM shown ORDER BY id
        ), addresses AS (
            INSERT INTO orders.order_addresses (order_id, version, address) SELECT id, 1, address::json FROM made ORDER BY id
        ), saga AS (
            INSERT INTO orders.saga_steps (order_id, step, since, due_at, done_at, done_by)
            SELECT id, step, decided, decided + interval '10 seconds', decided + interval '10 milliseconds', 'event' FROM (
                SELECT id, decided, unnest(CASE status WHEN 'cancelled' THEN ARRAY['release-stock', 'void-payment']
                                           ELSE ARRAY['commit-stock'] END) AS step FROM made) t ORDER BY id
        ), orders_inbox AS (
            INSERT INTO orders.inbox (consumer, aggregate_id, version, updated_at)
            SELECT consumer, id, 2, decided FROM made, (VALUES ('orders:INVENTORY_EVENTS'), ('orders:PAYMENT_EVENTS')) c (consumer) ORDER BY id
        ), orders_deliveries AS (
            INSERT INTO orders.deliveries (consumer, aggregate_id, version, event_id, type, outcome, deliveries, first_at, last_at, done_at, trace)
            SELECT 'orders:INVENTORY_EVENTS', id, v, id, 'STOCK_RESERVED', 'applied', 1, decided, decided, decided, NULL
            FROM made, generate_series(1, 2) v WHERE placed > now() - interval '30 days' ORDER BY id
        ), reservations AS (
            INSERT INTO inventory.reservations
                (order_id, request_key, state, version, product_ids, names, quantities, prices, currency, expires_at, created_at, settled_at, user_id)
            SELECT id, CASE WHEN placed > now() - interval '48 hours' THEN md5('key' || n) || md5('yek' || n) END, CASE status WHEN 'cancelled' THEN 'released' ELSE 'committed' END, 2,
                ARRAY[a, b], ARRAY[a_name, b_name], ARRAY[quantity, 1], ARRAY[a_price, b_price], 'USD',
                placed + interval '15 minutes', placed, decided, user_id
            FROM made ORDER BY id
        ), stock_events AS (
            INSERT INTO inventory.events (event_id, aggregate, aggregate_id, version, type, payload, headers, created_at, published_at)
            SELECT (left(id::text, 15) || substr(md5('stock' || n || v), 1, 3) || '-8' || substr(md5('stock' || n || v), 4, 3)
                    || '-' || substr(md5('stock' || n || v), 7, 12))::uuid, 'reservation', id, v,
                CASE WHEN v = 1 THEN 'STOCK_RESERVED' WHEN status = 'cancelled' THEN 'STOCK_RELEASED' ELSE 'STOCK_COMMITTED' END,
                ('{"orderId":"' || id || '","items":' || items || ',"timestamp":"' || placed_text || '"}')::json, '{}',
                placed + v * interval '1 second', placed + v * interval '1 second'
            FROM told, generate_series(1, 2) v ORDER BY placed
        ), ledger AS (
            INSERT INTO inventory.stock_ledger (product_id, kind, available, reserved, sold, order_id, at)
            SELECT product, kind, available * q, reserved * q, sold * q, id, placed
            FROM (SELECT id, status, placed, a AS product, quantity AS q FROM made UNION ALL SELECT id, status, placed, b, 1 FROM made) l
            JOIN (VALUES ('reserved', -1, 1, 0, NULL), ('released', 1, -1, 0, true), ('committed', 0, -1, 1, false))
                AS k (kind, available, reserved, sold, cancelled) ON k.cancelled IS NULL OR k.cancelled = (status = 'cancelled')
            ORDER BY placed
        ), inventory_inbox AS (
            INSERT INTO inventory.inbox (consumer, aggregate_id, version, updated_at)
            SELECT 'inventory:ORDER_EVENTS', id, 2, decided FROM made ORDER BY id
        ), inventory_deliveries AS (
            INSERT INTO inventory.deliveries (consumer, aggregate_id, version, event_id, type, outcome, deliveries, first_at, last_at, done_at)
            SELECT 'inventory:ORDER_EVENTS', id, v, id, 'ORDER_CREATED', 'applied', 1, decided, decided, decided
            FROM made, generate_series(1, 2) v WHERE placed > now() - interval '30 days' ORDER BY id
        ), accounts AS (
            INSERT INTO payments.order_accounts (order_id, user_id, amount, currency, state, current_payment_id, version, revision, created_at, updated_at)
            SELECT id, user_id, total, 'USD', CASE status WHEN 'cancelled' THEN 'cancelled' ELSE 'paid' END,
                CASE status WHEN 'cancelled' THEN NULL ELSE id END AS paid_with, 1, 3, placed, decided FROM made ORDER BY id
        ), payments_inbox AS (
            INSERT INTO payments.inbox (consumer, aggregate_id, version, updated_at)
            SELECT 'payments:ORDER_EVENTS', id, 2, decided FROM made ORDER BY id
        ), payments_deliveries AS (
            INSERT INTO payments.deliveries (consumer, aggregate_id, version, event_id, type, outcome, deliveries, first_at, last_at, done_at)
            SELECT 'payments:ORDER_EVENTS', id, 1, id, 'ORDER_CREATED', 'applied', 1, decided, decided, decided
            FROM made WHERE placed > now() - interval '30 days' ORDER BY id
        ), notifications_inbox AS (
            INSERT INTO notifications.inbox (consumer, aggregate_id, version, updated_at)
            SELECT 'notifications:ORDER_EVENTS', id, 2, decided FROM made ORDER BY id
        )
        SELECT count(*) FROM made
        """
}
