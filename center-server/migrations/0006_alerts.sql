-- Up Migration
CREATE TABLE alert (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint  text NOT NULL,
  kind         text NOT NULL,
  state        text NOT NULL DEFAULT 'open',
  rule         text NOT NULL,
  rule_version integer NOT NULL,
  region       text NOT NULL,
  department   text,
  matter       text,
  case_id      text,
  case_no      text,
  source_id    text,
  hall         text,
  counter      text,
  officer      text,
  title        jsonb NOT NULL,
  reason       jsonb NOT NULL,
  at           timestamptz NOT NULL,
  raised_at    timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL
);
-- The same thing is told once; only what was rescinded, and a silence that is over, may be told again.
CREATE UNIQUE INDEX alert_fingerprint ON alert (fingerprint)
  WHERE state <> 'rescinded' AND (kind <> 'silent' OR state <> 'closed');
CREATE INDEX alert_standing ON alert (region, kind) WHERE state IN ('open', 'acknowledged');
CREATE INDEX alert_raised ON alert (raised_at DESC);
CREATE INDEX alert_case ON alert (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE alert_history (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id  bigint NOT NULL REFERENCES alert ON DELETE CASCADE,
  at        timestamptz NOT NULL,
  user_id   integer,
  user_name text,
  action    text NOT NULL,
  note      text
);
CREATE INDEX alert_history_alert ON alert_history (alert_id, id);

-- 牌. The partial unique key is the claim: a rung of a clock stands at most once, whoever issues it.
CREATE TABLE card (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  clock_id         text NOT NULL,
  case_id          text NOT NULL,
  rung             text NOT NULL CHECK (rung IN ('notice', 'yellow', 'red')),
  at               timestamptz NOT NULL,
  issued_at        timestamptz NOT NULL,
  ruleset_version  integer NOT NULL,
  reason           jsonb NOT NULL,
  -- The alert that told of it.
  fingerprint      text NOT NULL,
  rescinded_at     timestamptz,
  rescinded_reason jsonb
);
CREATE UNIQUE INDEX card_claim ON card (clock_id, rung) WHERE rescinded_at IS NULL;
CREATE INDEX card_case ON card (case_id);
