/// Orders as SQL makes them, many at once: created and confirmed, with what the worker would have written.
enum ManyOrders {
    /// - Parameter count: of orders; each has two events.
    static func insert(_ count: Int) -> String {
        """
        SET search_path TO orders;
        CREATE TEMP TABLE made AS
        SELECT (lpad(to_hex((extract(epoch FROM placed) * 1000)::bigint), 12, '0') || '7'
                || substr(md5('o' || n), 1, 3) || '8' || substr(md5('p' || n), 1, 15))::uuid AS id,
               ('0190aaaa-0000-7000-8000-' || lpad(to_hex(n % 10000), 12, '0'))::uuid AS user_id, placed, n
        FROM (SELECT n, date_trunc('milliseconds', now()) - (\(count) - n) * interval '20 milliseconds'
                        - interval '1 hour' AS placed
              FROM generate_series(1, \(count)) n) t;
        CREATE TEMP TABLE shown AS
        SELECT id, user_id, placed, n, placed + interval '1 second' AS paid,
            '[{"productId":"0190bbbb-0000-7000-8000-000000000001","name":"Iron anchor ' || n % 1000
                || '","quantity":1,"price":29.99}]' AS items,
            '{"street":"' || n || ' Quay","city":"Town ' || n % 5000 || '","zipCode":"12345","country":"US"}' AS address,
            to_char(placed AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS placed_text,
            to_char((placed + interval '1 second') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS paid_text,
            to_char((placed + interval '30 minutes') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS due_text
        FROM made;
        INSERT INTO events (event_id, aggregate, aggregate_id, version, type, payload, created_at, published_at)
        SELECT gen_random_uuid(), 'order', id, 1, 'ORDER_CREATED',
            ('{"eventType":"ORDER_CREATED","orderId":"' || id || '","userId":"' || user_id
             || '","status":"pending","items":' || items || ',"totalAmount":29.99,"currency":"USD","paymentDueAt":"'
             || due_text || '","timestamp":"' || placed_text || '"}')::json, placed, now()
        FROM shown;
        INSERT INTO events (event_id, aggregate, aggregate_id, version, type, payload, created_at, published_at)
        SELECT gen_random_uuid(), 'order', id, 2, 'ORDER_STATUS_UPDATED',
            ('{"eventType":"ORDER_STATUS_UPDATED","orderId":"' || id || '","userId":"' || user_id
             || '","status":"confirmed","totalAmount":29.99,"currency":"USD","timestamp":"' || paid_text || '"}')::json,
            paid, now()
        FROM shown;
        INSERT INTO order_addresses (order_id, version, address) SELECT id, 1, address::json FROM shown;
        INSERT INTO orders
            (id, user_id, status, total_amount, currency, version, document, payment_due_at, created_at, updated_at)
        SELECT id, user_id, 'confirmed', 2999, 'USD', 2,
            ('{"id":"' || id || '","userId":"' || user_id || '","items":' || items
             || ',"totalAmount":29.99,"currency":"USD","status":"confirmed","shippingAddress":' || address
             || ',"createdAt":"' || placed_text || '","updatedAt":"' || paid_text || '"}')::json,
            placed + interval '30 minutes', placed, paid
        FROM shown;
        INSERT INTO order_search (order_id, words) SELECT id, order_words(document) FROM orders
        ON CONFLICT DO NOTHING;
        DROP TABLE shown, made;
        """
    }
}
