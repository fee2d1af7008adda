-- Up Migration
-- 告知与升级. The truth about who is to be told next is a column: what fell due while the centre was away is done once it is back.
ALTER TABLE alert
  -- When its routing is decided again; null: only when something happens. What stood before this migration is left alone.
  ADD COLUMN next_at timestamptz,
  -- The first and the highest telling, kept beside the tellings themselves.
  ADD COLUMN told_at timestamptz,
  ADD COLUMN level smallint,
  ADD COLUMN inhibited_by bigint REFERENCES alert ON DELETE SET NULL,
  ADD COLUMN acknowledged_until timestamptz,
  -- Ended by the centre: the same finding before this opens it again. Null beside a next_at: not decided yet.
  ADD COLUMN reopen_until timestamptz;
CREATE INDEX alert_next ON alert (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX alert_inhibited ON alert (inhibited_by) WHERE inhibited_by IS NOT NULL;
CREATE INDEX alert_ended ON alert (fingerprint, id) WHERE state IN ('rescinded', 'closed');
CREATE INDEX alert_group ON alert (region, rule, kind, raised_at);
CREATE INDEX alert_silent ON alert (source_id) WHERE kind = 'silent' AND state NOT IN ('closed', 'rescinded');
ALTER TABLE alert_history ADD COLUMN until_at timestamptz;

-- 静音. It holds while ended_at is null; the router ends it when it expires, so that nobody has to read the time.
CREATE TABLE silence (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region     text NOT NULL REFERENCES region,
  -- The digits that every region it covers begins with.
  prefix     text NOT NULL,
  department text,
  rule       text,
  kind       text,
  case_id    text,
  reason     text NOT NULL,
  user_id    integer NOT NULL REFERENCES app_user,
  author     text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  ended_at   timestamptz,
  ended_by   text
);
CREATE INDEX silence_holding ON silence (expires_at) WHERE ended_at IS NULL;

-- 谁在何时被告知. The unique key is the claim: nobody is told the same thing twice, whoever routes it.
CREATE TABLE telling (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Alerts that are told as one share it.
  message  bigint NOT NULL,
  alert_id bigint NOT NULL REFERENCES alert ON DELETE CASCADE,
  user_id  integer NOT NULL REFERENCES app_user,
  role     text NOT NULL,
  region   text NOT NULL,
  round    integer NOT NULL,
  level    smallint NOT NULL,
  at       timestamptz NOT NULL,
  title    jsonb NOT NULL,
  reason   jsonb NOT NULL,
  UNIQUE (alert_id, round, level, user_id)
);
CREATE INDEX telling_message ON telling (message);
CREATE SEQUENCE telling_message_number;
