-- Makes the transaction around it fail (FL005) unless the reservation is held and still due at the moment at which it was
-- looked at. Its row stays locked until the end, so that nobody is answered that it is held while it is released.
CREATE FUNCTION ensure_expired(p_order_id uuid, p_expires_at timestamptz)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM FROM reservations
      WHERE order_id = p_order_id AND state = 'held' AND expires_at = p_expires_at FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the reservation is not due' USING ERRCODE = 'FL005';
    END IF;
END
$$;
