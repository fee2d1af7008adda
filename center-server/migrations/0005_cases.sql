-- Up Migration
-- 办件: the fold over a case's events; `state` is the whole of it, the columns are what is asked for.
CREATE TABLE case_state (
  case_id      text PRIMARY KEY,
  case_no      text NOT NULL,
  region       text NOT NULL,
  source       text NOT NULL,
  department   text,
  hall         text,
  counter      text,
  officer      text,
  matter       text,
  title        text,
  status       text NOT NULL,
  stage        text,
  submitted_at timestamptz,
  accepted_at  timestamptz,
  ended_at     timestamptz,
  updated_at   timestamptz NOT NULL,
  updated_seq  bigint NOT NULL,
  state        json NOT NULL
);
CREATE INDEX case_state_region ON case_state (region, updated_seq DESC);
CREATE INDEX case_state_updated ON case_state (updated_seq DESC);
CREATE INDEX case_state_accepted ON case_state (accepted_at);
CREATE INDEX case_state_ended ON case_state (ended_at);
CREATE INDEX case_state_open ON case_state (region) WHERE ended_at IS NULL;

-- 时限: budget and ledger live in the case's state; this is the projection, made anew when they change.
CREATE TABLE clock (
  clock_id    text PRIMARY KEY,
  case_id     text NOT NULL REFERENCES case_state ON DELETE CASCADE,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  due_at      timestamptz,
  due_date    date,
  suspended   boolean NOT NULL,
  provisional boolean NOT NULL,
  -- When the case must be looked at again; null when nothing more can fall due by itself.
  next_at     timestamptz,
  projection  json NOT NULL,
  rungs       json NOT NULL
);
CREATE INDEX clock_case ON clock (case_id);
CREATE INDEX clock_next ON clock (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX clock_due_open ON clock (due_at) WHERE ended_at IS NULL;

CREATE TABLE ruleset (
  version        integer PRIMARY KEY,
  body           jsonb NOT NULL,
  effective_from timestamptz NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  created_by     text NOT NULL
);
