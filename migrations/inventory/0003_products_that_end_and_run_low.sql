ALTER TABLE products
    -- No longer sold: orders for it are refused, what is held or sold already goes on.
    ADD COLUMN discontinued  boolean NOT NULL DEFAULT false,
    -- With as many units or fewer left it runs low; 0 switches that off.
    ADD COLUMN low_stock_at  bigint NOT NULL DEFAULT 10 CHECK (low_stock_at >= 0),
    -- What the last event told of its stock, and the version of that event. They follow the stock within a second.
    ADD COLUMN alert         text NOT NULL DEFAULT 'ok' CHECK (alert IN ('ok', 'low', 'out')),
    ADD COLUMN alert_version bigint NOT NULL DEFAULT 0 CHECK (alert_version >= 0);

COMMENT ON COLUMN products.received IS 'The balance of all that came in: adjustments take away what was lost.';

-- Room for the next versions of a row on its own page, so that a change of stock touches no index.
ALTER TABLE products SET (fillfactor = 70);

CREATE FUNCTION stock_level(p_available bigint, p_low_stock_at bigint)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN p_available = 0 THEN 'out' WHEN p_available <= p_low_stock_at THEN 'low' ELSE 'ok' END $$;

-- What there is already is no news.
UPDATE products SET alert = stock_level(available, low_stock_at) WHERE stock_level(available, low_stock_at) <> 'ok';

-- Products whose stock may say something else than the last event. Whoever changes the stock of a product or its threshold
-- adds it while holding the product's row; it is taken out again when both say the same.
CREATE TABLE stock_alerts (
    product_id uuid PRIMARY KEY,
    since      timestamptz NOT NULL DEFAULT now()
);

-- Notes that p_alert has been told with p_version. The transaction around it fails (FL008) when something else was told
-- since p_before and p_version_before were read. The row lock comes first: marks that others add after it stay.
CREATE FUNCTION stock_told(
    p_product_id uuid, p_before text, p_version_before bigint, p_alert text, p_version bigint)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE products SET alert = p_alert, alert_version = p_version
     WHERE id = p_product_id AND alert = p_before AND alert_version = p_version_before;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'something else was told meanwhile' USING ERRCODE = 'FL008';
    END IF;
    DELETE FROM stock_alerts a USING products p
     WHERE a.product_id = p_product_id AND p.id = p_product_id
       AND p.alert = stock_level(p.available, p.low_stock_at);
END
$$;

-- The words of a product's name and article number, in small letters: what stands between characters of ASCII that are
-- neither letters nor digits. Languages differ in much, but not in this. The functions of the index name theirs in full or
-- are bound when they are made: its maintenance runs without our search_path.
CREATE FUNCTION search_words(p_text text)
RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_remove(regexp_split_to_array(lower(p_text COLLATE "und-x-icu"), '[ -/:-@\[-`{-~]+'), '');

-- All words of a search, each as the beginning of one; NULL, which finds nothing, when there are none.
CREATE FUNCTION search_query(p_text text)
RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT string_agg(quote_literal(word) || ':*', ' & ')::tsquery FROM unnest(search_words(p_text)) AS word);

-- Its cost keeps the planner from computing it row by row, which takes half a second for 100,000 products; the language
-- keeps it from being unfolded. It is not marked as safe in parallel: starting processes takes longer than the index does.
CREATE FUNCTION search_vector(p_name text, p_sku text)
RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT COST 1000
AS $$
BEGIN
    RETURN array_to_tsvector(:schema.search_words(p_name || ' ' || p_sku));
END
$$;

CREATE INDEX products_search ON products USING gin (search_vector(name, sku));
