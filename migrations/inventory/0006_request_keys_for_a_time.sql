-- The key that a reservation was asked for under is needed as long as requests are repeated, not for ever: without it the
-- index, into which each reservation writes at a random place, grows with all orders that ever were.
ALTER TABLE reservations DROP CONSTRAINT reservations_request_key_key;
CREATE UNIQUE INDEX reservations_request_key ON reservations (request_key) WHERE request_key IS NOT NULL;
-- What the task that forgets keys looks for.
CREATE INDEX reservations_with_key ON reservations (created_at) WHERE request_key IS NOT NULL;
