-- Up Migration
-- 观看记录: who watched which camera live, from when until when. Name and region are those of that time: a camera may be
-- renamed, moved and removed, and whoever watched it was seen to watch what it was then.
CREATE TABLE viewing (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          uuid NOT NULL UNIQUE,
  source_id   text NOT NULL,
  camera_id   text NOT NULL,
  camera_name text NOT NULL,
  region      text NOT NULL,
  username    text NOT NULL,
  quality     text NOT NULL CHECK (quality IN ('main', 'sub')),
  carried_by  text NOT NULL CHECK (carried_by IN ('webrtc', 'film')),
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz
);
CREATE INDEX viewing_region ON viewing (region text_pattern_ops, seq DESC);
CREATE INDEX viewing_started ON viewing (started_at);
