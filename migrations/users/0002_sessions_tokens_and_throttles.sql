-- Sessions that are refreshed, tokens that are sent by mail, roles, and what slows guessing down.

ALTER TABLE users
    ADD COLUMN role varchar(20) NOT NULL DEFAULT 'customer' CONSTRAINT valid_role CHECK (role IN ('customer', 'staff')),
    -- Why staff suspended the account; for staff.
    ADD COLUMN suspended_because varchar(500);

-- Pages of staff go by the id, which is in the order of registration. Searches go by how an address or a name begins, in
-- any case of any alphabet; the operator class compares bytes, whatever the database's collation is.
CREATE INDEX users_by_status ON users (account_status, id);
CREATE INDEX users_staff ON users (id) WHERE role = 'staff';
CREATE INDEX users_email_prefix ON users (lower(email COLLATE "und-x-icu") text_pattern_ops);
CREATE INDEX users_name_prefix ON users (lower((first_name || ' ' || last_name) COLLATE "und-x-icu") text_pattern_ops);
CREATE INDEX users_last_name_prefix ON users (lower(last_name COLLATE "und-x-icu") text_pattern_ops);

-- A session is one row from the sign-in to its end, however often its refresh token is exchanged. `token_hash` is the
-- SHA-256 of the refresh token that counts now, `generation` its place in the row of them.
ALTER TABLE user_sessions
    ADD COLUMN generation     bigint NOT NULL DEFAULT 0,
    ADD COLUMN rotated_at     timestamptz,
    ADD COLUMN last_seen_at   timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN revoked_at     timestamptz,
    ADD COLUMN revoked_reason varchar(40);
CREATE INDEX user_sessions_open ON user_sessions (user_id, id) WHERE NOT revoked;

-- What a mail with a link stands for. The secret in the link is computed from the id with a key that the database does not
-- have: who reads this table, an event or a log cannot use it.
CREATE TABLE account_tokens (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose    varchar(20) NOT NULL CHECK (purpose IN ('verify-email', 'reset-password')),
    -- The address that the mail goes to: a token for an address that has changed meanwhile proves nothing.
    email      varchar(255) NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Used, or replaced by a newer one.
    used_at    timestamptz
);
CREATE INDEX account_tokens_open ON account_tokens (user_id, purpose) WHERE used_at IS NULL;
CREATE INDEX account_tokens_expiry ON account_tokens (expires_at);

-- How often something was tried lately, by the SHA-256 of what is counted (an address, a client, both). Rows say nothing of
-- whether there is an account, and are there for addresses without one too.
CREATE TABLE attempts (
    subject       bytea PRIMARY KEY,
    count         integer NOT NULL,
    since         timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX attempts_by_age ON attempts (updated_at);

-- Counts a try, before it is known how it ends, so that tries side by side count too; a minute without one takes one off
-- again. From the p_free-th on, each makes the next wait twice as long, from 1 s up to p_longest seconds. Answers 0, or the
-- seconds to wait: then it has not been counted.
CREATE FUNCTION count_attempt(p_subject bytea, p_free integer, p_longest double precision)
RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_row attempts%ROWTYPE;
    v_count integer;
BEGIN
    IF p_subject IS NULL THEN RETURN 0; END IF;
    INSERT INTO attempts (subject, count, since, blocked_until, updated_at)
    VALUES (p_subject, 0, v_now, '-infinity', v_now) ON CONFLICT DO NOTHING;
    SELECT * INTO v_row FROM attempts WHERE subject = p_subject FOR UPDATE;
    v_now := clock_timestamp();
    IF v_row.blocked_until > v_now THEN RETURN extract(epoch FROM v_row.blocked_until - v_now); END IF;
    v_count := 1 + greatest(
        0, v_row.count - floor(least(extract(epoch FROM v_now - v_row.updated_at) / 60, 1000000))::integer);
    UPDATE attempts SET count = least(v_count, 1000000), updated_at = v_now,
        blocked_until = CASE WHEN v_count < p_free THEN '-infinity'
            ELSE v_now + make_interval(secs => least(p_longest, power(2, least(v_count - p_free, 20)))) END
    WHERE subject = p_subject;
    RETURN 0;
END;
$$;

-- Counts one of at most p_limit uses within p_window. Answers 0, or the seconds until there is one again.
CREATE FUNCTION count_use(p_subject bytea, p_limit integer, p_window interval)
RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    v_since timestamptz;
BEGIN
    IF p_subject IS NULL THEN RETURN 0; END IF;
    INSERT INTO attempts AS a (subject, count, since, blocked_until, updated_at)
    VALUES (p_subject, 1, clock_timestamp(), '-infinity', clock_timestamp())
    ON CONFLICT (subject) DO UPDATE SET
        count = CASE WHEN a.since <= clock_timestamp() - p_window THEN 1 ELSE a.count + 1 END,
        since = CASE WHEN a.since <= clock_timestamp() - p_window THEN clock_timestamp() ELSE a.since END,
        updated_at = clock_timestamp()
    WHERE a.since <= clock_timestamp() - p_window OR a.count < p_limit;
    IF FOUND THEN RETURN 0; END IF;
    SELECT since INTO v_since FROM attempts WHERE subject = p_subject;
    RETURN greatest(0.001, extract(epoch FROM v_since + p_window - clock_timestamp()));
END;
$$;

-- Before a password is checked: counts the try for the client, for the client with this address, and for the address. The
-- first two make the caller wait (wait_s); the address alone, which anybody can try, only slows tries down (delay_s).
CREATE FUNCTION begin_sign_in(
    p_client bytea, p_pair bytea, p_account bytea, OUT wait_s double precision, OUT delay_s double precision)
LANGUAGE plpgsql AS $$
DECLARE
    v_count integer;
BEGIN
    delay_s := 0;
    wait_s := count_attempt(p_client, 50, 60);
    IF wait_s > 0 THEN RETURN; END IF;
    wait_s := count_attempt(p_pair, 5, 60);
    IF wait_s > 0 THEN
        UPDATE attempts SET count = count - 1 WHERE subject = p_client AND count > 1;
        RETURN;
    END IF;
    IF p_account IS NULL THEN RETURN; END IF;
    PERFORM count_attempt(p_account, 1000001, 0);
    SELECT a.count INTO v_count FROM attempts a WHERE a.subject = p_account;
    IF v_count > 20 THEN delay_s := least(5, 0.1 * power(2, least(v_count - 21, 10))); END IF;
END;
$$;

-- After a right password: this try was no failure, and this client knows the password.
CREATE FUNCTION end_sign_in(p_client bytea, p_pair bytea, p_account bytea) RETURNS void LANGUAGE sql AS $$
    UPDATE attempts SET count = count - 1, blocked_until = '-infinity' WHERE subject = p_client;
    DELETE FROM attempts WHERE subject = p_pair;
    UPDATE attempts SET count = greatest(0, count - 1) WHERE subject = p_account;
$$;

-- Exchanges the refresh token of one generation for the next. p_hash is the next one's. What becomes of the token:
--   rotated   it was the one that counts; the next one counts now
--   repeated  it was the one before, exchanged less than p_grace ago: the answer to that was lost, and is given again
--   reused    it is older: somebody has a copy
--   ended     the session is revoked or expired, or the account is not active
--   unknown   there is no such session, or no such generation of it yet
CREATE FUNCTION rotate_session(
    p_session uuid, p_generation bigint, p_hash text, p_now timestamptz, p_expires timestamptz, p_grace interval,
    p_client inet, p_agent jsonb,
    OUT outcome text, OUT owner uuid)
LANGUAGE plpgsql AS $$
DECLARE
    v_session user_sessions%ROWTYPE;
    v_status text;
BEGIN
    SELECT s.* INTO v_session FROM user_sessions s WHERE s.id = p_session FOR UPDATE;
    owner := v_session.user_id;
    SELECT u.account_status INTO v_status FROM users u WHERE u.id = v_session.user_id;
    outcome := CASE
        WHEN owner IS NULL OR p_generation > v_session.generation THEN 'unknown'
        WHEN v_session.revoked OR v_session.expires_at <= p_now OR v_status <> 'active' THEN 'ended'
        WHEN p_generation = v_session.generation THEN 'rotated'
        WHEN p_generation = v_session.generation - 1 AND v_session.rotated_at > p_now - p_grace THEN 'repeated'
        ELSE 'reused' END;
    IF outcome = 'rotated' THEN
        UPDATE user_sessions SET generation = generation + 1, token_hash = p_hash, rotated_at = p_now,
            last_seen_at = p_now, expires_at = p_expires, ip_address = coalesce(p_client, ip_address),
            device_info = coalesce(p_agent, device_info)
        WHERE id = p_session;
    END IF;
END;
$$;
