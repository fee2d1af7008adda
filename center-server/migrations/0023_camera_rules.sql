-- Up Migration
-- What rules know of each camera, folded from its observations, and when they must look at it again by themselves.
CREATE TABLE camera_watch (
  camera_id text PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
  seen      json NOT NULL,
  -- The sources that tell of it.
  sources   text[] NOT NULL,
  -- The camera's own revision as it was judged last; null: not yet.
  revision  integer,
  next_at   timestamptz
);
CREATE INDEX camera_watch_next ON camera_watch (next_at) WHERE next_at IS NOT NULL;

-- The camera that an alert is about. No foreign key: alerts outlive their camera.
ALTER TABLE alert ADD COLUMN camera text;
CREATE INDEX alert_camera ON alert (camera, id) WHERE camera IS NOT NULL AND state <> 'rescinded';
CREATE INDEX alert_camera_standing ON alert (camera) WHERE camera IS NOT NULL AND state NOT IN ('closed', 'rescinded');
-- A source that was silent a moment ago.
CREATE INDEX alert_heard ON alert (source_id, changed_at) WHERE kind = 'silent' AND state = 'closed';

-- A late observation folds its camera anew.
CREATE INDEX observation_camera ON observation ((data->>'camera'), observed_at)
  WHERE kind = 'stream.state' OR (kind = 'camera.event' AND data->>'topic' IN ('tamper', 'signal-loss'));
