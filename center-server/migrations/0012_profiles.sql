-- Up Migration
-- What rules learned from closed cases: how long their steps take, by whom. The latest version counts.
CREATE TABLE profile (
  version    integer PRIMARY KEY CHECK (version > 0),
  learned_at timestamptz NOT NULL,
  cases      integer NOT NULL CHECK (cases >= 0),
  body       json NOT NULL
);
