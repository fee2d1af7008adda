-- Up Migration
-- What each media host says of the disk of its recordings, and since when it says so.
CREATE TABLE recording_storage (
  source_id  text PRIMARY KEY REFERENCES source ON DELETE CASCADE,
  state      text NOT NULL CHECK (state IN ('ok', 'low', 'full')),
  free_bytes bigint NOT NULL,
  reason     text,
  since      timestamptz NOT NULL,
  told_at    timestamptz NOT NULL
);
