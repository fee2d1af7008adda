-- Up Migration
-- Replay asks for a few minutes or hours of what happened. Observations lie nearly in the order of their time, so a
-- summary of each block finds them, and costs ingest next to nothing.
CREATE INDEX observation_at ON observation USING brin (observed_at);
-- What one screen showed, among the looks at all of them.
CREATE INDEX observation_screen ON observation ((data ->> 'screen'), observed_at) WHERE kind = 'screen.captured';
