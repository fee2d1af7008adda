-- Up Migration
-- A camera's small stream, its ONVIF service, its sign-in (encrypted by the centre), and what is recorded of it.
ALTER TABLE camera
  ADD COLUMN sub jsonb,
  ADD COLUMN onvif text,
  ADD COLUMN credentials bytea,
  ADD COLUMN recording jsonb,
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
