-- Accounts, their profiles and their sessions. Ids are UUIDv7 and come from the program.

CREATE TABLE users (
    id             uuid PRIMARY KEY,
    -- Lower-cased before it gets here; the unique index would not let two spellings of one address in either way.
    email          varchar(255) NOT NULL,
    password_hash  varchar(255) NOT NULL,
    first_name     varchar(100) NOT NULL,
    last_name      varchar(100) NOT NULL,
    phone          varchar(20),
    date_of_birth  date,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    last_login     timestamptz,
    email_verified boolean NOT NULL DEFAULT false,
    account_status varchar(20) NOT NULL DEFAULT 'active',
    -- The version of the account's last event.
    version        bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    CONSTRAINT valid_email CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
    CONSTRAINT valid_status CHECK (account_status IN ('active', 'suspended', 'deleted'))
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX idx_users_created_at ON users (created_at);
CREATE INDEX idx_users_last_login ON users (last_login);

CREATE TABLE user_profiles (
    user_id     uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    avatar_url  varchar(500),
    bio         text,
    preferences jsonb NOT NULL DEFAULT '{}',
    address     jsonb,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now()
);

-- One row for each token; its id is the token's `jti`.
CREATE TABLE user_sessions (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the token in hexadecimal: who reads this table cannot log in with it.
    token_hash  varchar(255) NOT NULL,
    device_info jsonb,
    ip_address  inet,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    revoked     boolean NOT NULL DEFAULT false
);
CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);
CREATE INDEX idx_user_sessions_expires_at ON user_sessions (expires_at);
CREATE UNIQUE INDEX idx_user_sessions_token_hash ON user_sessions (token_hash);

CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON users
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
CREATE TRIGGER update_user_profiles_updated_at BEFORE UPDATE ON user_profiles
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
