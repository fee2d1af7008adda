-- Up Migration
-- What the media hosts hold of each camera: a few seconds a line. No foreign key: recordings outlive their camera.
CREATE TABLE recording_segment (
  camera_id  text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz NOT NULL,
  bytes      bigint NOT NULL,
  mime_type  text NOT NULL,
  width      integer NOT NULL,
  height     integer NOT NULL,
  media_time double precision NOT NULL
);
DO $$ BEGIN IF ts_mode() <> 'none' THEN
  EXECUTE $q$ SELECT create_hypertable('recording_segment', by_range('started_at', interval '1 day'),
                                       create_default_indexes => false) $q$;
END IF; END $$;
-- What is told twice is one segment; a timeline asks for a camera and a span.
CREATE UNIQUE INDEX recording_segment_key ON recording_segment (camera_id, started_at);

-- Clips that were cut out as evidence: what they were cut from is kept.
CREATE TABLE clip (
  id        uuid PRIMARY KEY,
  camera_id text NOT NULL,
  camera_name text NOT NULL,
  region    text NOT NULL REFERENCES region,
  from_at   timestamptz NOT NULL,
  to_at     timestamptz NOT NULL,
  reason    text NOT NULL,
  case_id   text,
  made_by   text NOT NULL,
  made_at   timestamptz NOT NULL,
  state     text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'working', 'done', 'failed')),
  progress  real NOT NULL DEFAULT 0,
  problem   text,
  manifest  json,
  public_key text,
  signature text,
  ended_at  timestamptz,
  ended_by  text
);
CREATE INDEX clip_region ON clip (region, made_at);
CREATE INDEX clip_open ON clip (state) WHERE state IN ('queued', 'working');
