-- Up Migration
-- Who sends a screen's pictures: the collectors (they open its page), or an agent on the counter's own terminal. Zones
-- are what an agent that sees the whole screen covers or passes over; without them it covers everything.
ALTER TABLE screen
  ADD COLUMN via text NOT NULL DEFAULT 'collector' CHECK (via IN ('collector', 'agent', 'page')),
  ADD COLUMN every_ms integer NOT NULL DEFAULT 1000 CHECK (every_ms BETWEEN 500 AND 60000),
  ADD COLUMN zones jsonb;

-- A source that may speak of one screen alone.
ALTER TABLE source ADD COLUMN screen_id text REFERENCES screen;

-- 查看未遮盖画面: who asked to see a screen unmasked, why, and from when until when it was so.
CREATE TABLE unmasking (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  screen_id   text NOT NULL REFERENCES screen,
  region      text NOT NULL REFERENCES region,
  asked_by    text NOT NULL,
  reason      text NOT NULL,
  minutes     integer NOT NULL CHECK (minutes BETWEEN 1 AND 30),
  asked_at    timestamptz NOT NULL,
  approved_by text,
  from_at     timestamptz,
  until_at    timestamptz,
  ended_at    timestamptz,
  ended_by    text,
  CHECK ((from_at IS NULL) = (until_at IS NULL))
);
CREATE INDEX unmasking_screen ON unmasking (screen_id, until_at);
CREATE INDEX unmasking_region ON unmasking (region, id);

-- Pictures that were sent while somebody was allowed to see them; removed after a short time, with their bytes.
CREATE TABLE unmasked_frame (
  screen_id   text NOT NULL REFERENCES screen,
  observed_at timestamptz NOT NULL,
  sha256      text NOT NULL,
  PRIMARY KEY (screen_id, observed_at, sha256)
);
CREATE INDEX unmasked_frame_at ON unmasked_frame (observed_at);
