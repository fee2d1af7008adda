-- Up Migration
-- The city as it is set up: where, who, and what can be applied for. Ids are those of the city plan.
CREATE TABLE region (
  code     text PRIMARY KEY CHECK (code ~ '^\d{6}(\d{3})?$'),
  name     text NOT NULL,
  name_en  text NOT NULL,
  tier     text NOT NULL CHECK (tier IN ('city', 'county', 'township')),
  parent   text REFERENCES region,
  zone     text NOT NULL DEFAULT 'Asia/Shanghai',
  calendar text NOT NULL DEFAULT 'cn' CHECK (calendar IN ('cn', 'weekdays'))
);
CREATE INDEX region_parent ON region (parent);

CREATE TABLE department (
  id      text PRIMARY KEY,
  region  text NOT NULL REFERENCES region,
  name    text NOT NULL,
  name_en text NOT NULL,
  kind    text NOT NULL
);
CREATE INDEX department_region ON department (region);

CREATE TABLE hall (
  id         text PRIMARY KEY,
  region     text NOT NULL REFERENCES region,
  name       text NOT NULL,
  is_virtual boolean NOT NULL DEFAULT false
);

CREATE TABLE counter (
  id         text PRIMARY KEY,
  hall       text NOT NULL REFERENCES hall,
  department text NOT NULL REFERENCES department,
  name       text NOT NULL
);

CREATE TABLE officer (
  id         text PRIMARY KEY,
  department text NOT NULL REFERENCES department,
  name       text NOT NULL
);

CREATE TABLE matter (
  id              text PRIMARY KEY,
  name            text NOT NULL,
  name_en         text NOT NULL,
  department_kind text NOT NULL,
  legal           jsonb NOT NULL,
  legal_basis     text NOT NULL,
  promised        jsonb NOT NULL,
  stages          text[] NOT NULL
);

CREATE TABLE camera (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  region      text NOT NULL REFERENCES region,
  hall        text REFERENCES hall,
  counter     text REFERENCES counter,
  source      jsonb NOT NULL,
  disabled_at timestamptz
);

-- What a camera's stream was last seen doing.
CREATE TABLE camera_state (
  camera_id  text PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
  state      text NOT NULL,
  mode       text,
  attempt    integer,
  retry_at   timestamptz,
  reason     text,
  since      timestamptz NOT NULL
);

CREATE TABLE screen (
  id          text PRIMARY KEY,
  name        text NOT NULL,
  region      text NOT NULL REFERENCES region,
  hall        text REFERENCES hall,
  counter     text REFERENCES counter,
  url         text NOT NULL,
  disabled_at timestamptz
);

-- What a screen showed last.
CREATE TABLE screen_state (
  screen_id       text PRIMARY KEY REFERENCES screen ON DELETE CASCADE,
  sha256          text,
  media_type      text,
  masked          boolean NOT NULL DEFAULT false,
  seen_at         timestamptz NOT NULL,
  unchanged_since timestamptz
);
