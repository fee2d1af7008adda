-- Up Migration
-- Who may post. The token itself is never kept, only its SHA-256.
CREATE TABLE source (
  id                   text PRIMARY KEY,
  name                 text NOT NULL,
  kind                 text NOT NULL,
  region               text NOT NULL REFERENCES region,
  token_hash           bytea NOT NULL UNIQUE,
  expect_every_seconds integer NOT NULL DEFAULT 0,
  created_at           timestamptz NOT NULL DEFAULT now(),
  last_seen_at         timestamptz,
  disabled_at          timestamptz
);

-- The keys that make sending again safe. A plain table: every unique key of a hypertable would have to
-- contain the time.
CREATE TABLE inbox (
  source text NOT NULL,
  id     text NOT NULL,
  PRIMARY KEY (source, id)
);

-- The log between ingest and the pipeline: one line per commit, with the numbers that it gave out and the
-- times between which its observations lie, so that a reader need not look into every chunk.
CREATE TABLE inbox_commit (
  last_seq  bigint PRIMARY KEY,
  first_seq bigint NOT NULL,
  earliest  timestamptz NOT NULL,
  latest    timestamptz NOT NULL
);

-- Every observation as it came. `data` is json, not jsonb: evidence keeps its own bytes.
CREATE TABLE observation (
  observed_at timestamptz NOT NULL,
  seq         bigint NOT NULL,
  received_at timestamptz NOT NULL,
  source      text NOT NULL,
  id          text NOT NULL,
  kind        text NOT NULL,
  region      text NOT NULL,
  case_id     text,
  data        json NOT NULL
);
DO $$ BEGIN IF ts_mode() <> 'none' THEN
  EXECUTE $q$ SELECT create_hypertable('observation', by_range('observed_at', interval '7 days'),
                                       create_default_indexes => false) $q$;
END IF; END $$;
CREATE INDEX observation_seq ON observation (seq);
CREATE INDEX observation_case ON observation (case_id, observed_at) WHERE case_id IS NOT NULL;

-- How far each reader of the inbox has come.
CREATE TABLE pipeline_cursor (
  name text PRIMARY KEY,
  seq  bigint NOT NULL
);

-- What was refused, with the reason, to be mended and played again.
CREATE TABLE dead_letter (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source_id   text NOT NULL,
  received_at timestamptz NOT NULL,
  event_id    text,
  kind        text,
  reason      text NOT NULL,
  body        text NOT NULL,
  replayed_at timestamptz
);

-- 评价: kept beside the observations because figures ask for them all day.
CREATE TABLE rating (
  seq        bigint PRIMARY KEY,
  at         timestamptz NOT NULL,
  region     text NOT NULL,
  case_id    text,
  department text,
  counter    text,
  officer    text,
  level      smallint NOT NULL,
  comment    text
);
CREATE INDEX rating_at ON rating (at);
