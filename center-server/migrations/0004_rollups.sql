-- Up Migration
-- How many observations of each kind came per hour and region: a continuous aggregate on the Community
-- edition, an ordinary table of the same name and columns elsewhere, kept by maintain_observations().
DO $$ BEGIN
  IF ts_mode() = 'tsl' THEN
    EXECUTE $q$ CREATE MATERIALIZED VIEW observation_1h
      WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
      SELECT time_bucket(interval '1 hour', observed_at) AS bucket, region, kind, count(*) AS n
      FROM observation GROUP BY 1, 2, 3 WITH NO DATA $q$;
    EXECUTE $q$ SELECT add_continuous_aggregate_policy('observation_1h', start_offset => interval '3 days',
      end_offset => interval '1 hour', schedule_interval => interval '15 minutes') $q$;
    EXECUTE $q$ ALTER TABLE observation SET (timescaledb.compress, timescaledb.compress_segmentby = 'region',
      timescaledb.compress_orderby = 'observed_at DESC, seq') $q$;
    EXECUTE $q$ SELECT add_compression_policy('observation', interval '30 days') $q$;
  ELSE
    EXECUTE $q$ CREATE TABLE observation_1h (
      bucket timestamptz NOT NULL, region text NOT NULL, kind text NOT NULL, n bigint NOT NULL,
      PRIMARY KEY (bucket, region, kind)) $q$;
  END IF;
END $$;

-- Rolls up what came in the look-back and drops what is older than `keep`. The application calls it,
-- one instance at a time; where the server has policies of its own only retention is left to do.
CREATE FUNCTION maintain_observations(as_of timestamptz, look_back interval, keep interval)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE mode text := ts_mode(); rolled bigint := 0; dropped bigint := 0;
BEGIN
  IF mode <> 'tsl' THEN
    INSERT INTO observation_1h AS held
      SELECT bucket('1 hour', observed_at), region, kind, count(*) FROM observation
      WHERE observed_at >= bucket('1 hour', as_of - look_back) GROUP BY 1, 2, 3
    ON CONFLICT (bucket, region, kind) DO UPDATE SET n = excluded.n WHERE held.n <> excluded.n;
    GET DIAGNOSTICS rolled = ROW_COUNT;
  END IF;
  IF mode = 'none' THEN
    DELETE FROM observation WHERE observed_at < as_of - keep;
    GET DIAGNOSTICS dropped = ROW_COUNT;
  ELSE
    EXECUTE $q$ SELECT count(*) FROM drop_chunks('observation', older_than => $1) $q$ INTO dropped USING as_of - keep;
  END IF;
  RETURN jsonb_build_object('mode', mode, 'rolledUp', rolled, 'dropped', dropped);
END $$;
