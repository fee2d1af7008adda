-- Up Migration
-- One set of migrations for three kinds of server: plain PostgreSQL ('none'), the Apache edition of
-- TimescaleDB ('apache') and the Community edition ('tsl'). No TimescaleDB name is parsed unless it exists.
-- CREATE EXTENSION without preloading is FATAL and would kill the connection: look first.
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb')
     AND coalesce(current_setting('shared_preload_libraries', true), '') ~ 'timescaledb' THEN
    CREATE EXTENSION IF NOT EXISTS timescaledb;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'timescaledb is available but this user may not create it: %', SQLERRM;
END $$;

CREATE FUNCTION ts_mode() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN 'none'
              WHEN current_setting('timescaledb.license', true) = 'timescale' THEN 'tsl'
              ELSE 'apache' END $$;

-- The same buckets on every server: time_bucket()'s own origin, a Monday.
CREATE FUNCTION bucket(width interval, at timestamptz) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT date_bin(width, at, timestamptz '2000-01-03 00:00:00+00') $$;
