-- Up Migration
-- A case without any clock may have to be looked at by itself all the same: submitted and never accepted,
-- stopped and never resumed.
CREATE TABLE case_look (
  case_id text PRIMARY KEY REFERENCES case_state ON DELETE CASCADE,
  next_at timestamptz NOT NULL
);
CREATE INDEX case_look_next ON case_look (next_at);

-- Everything that falls due by itself.
CREATE VIEW due_look AS
  SELECT case_id, next_at FROM clock WHERE next_at IS NOT NULL
  UNION ALL
  SELECT case_id, next_at FROM case_look;
