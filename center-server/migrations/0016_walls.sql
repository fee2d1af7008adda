-- Up Migration
CREATE TABLE layout (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name       text NOT NULL,
  region     text NOT NULL REFERENCES region,
  owner      integer NOT NULL REFERENCES app_user,
  grid       jsonb NOT NULL,
  -- Whoever has one of these roles in the region or above it sees it too; null: only its owner.
  roles      text[],
  revision   integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL
);

CREATE TABLE patrol (
  id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name       text NOT NULL,
  region     text NOT NULL REFERENCES region,
  owner      integer NOT NULL REFERENCES app_user,
  steps      jsonb NOT NULL,
  roles      text[],
  revision   integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL
);

-- What a user of the ordinary wall page chose last.
CREATE TABLE layout_choice (
  user_id integer PRIMARY KEY REFERENCES app_user ON DELETE CASCADE,
  choice  jsonb NOT NULL
);

CREATE TABLE wall (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name         text NOT NULL,
  region       text NOT NULL REFERENCES region,
  windows      jsonb NOT NULL,
  patrol       uuid REFERENCES patrol ON DELETE SET NULL,
  alert_policy jsonb NOT NULL,
  revision     integer NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  -- What it shows now: moved on by whichever centre holds the row, told to all of them by its number.
  course       jsonb NOT NULL,
  rev          bigint NOT NULL DEFAULT 1,
  wake_at      timestamptz NOT NULL
);
CREATE INDEX wall_wake ON wall (wake_at);

CREATE TABLE wall_token (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  wall_id    uuid NOT NULL REFERENCES wall ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  note       text NOT NULL,
  made_by    text NOT NULL,
  made_at    timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  used_at    timestamptz
);
CREATE INDEX wall_token_wall ON wall_token (wall_id);

-- A session is a user's, or that of a wall that runs by itself.
ALTER TABLE user_session
  ALTER COLUMN user_id DROP NOT NULL,
  ADD COLUMN wall_token integer REFERENCES wall_token ON DELETE CASCADE,
  ADD CHECK (num_nonnulls(user_id, wall_token) = 1);
CREATE INDEX user_session_wall_token ON user_session (wall_token) WHERE wall_token IS NOT NULL;
