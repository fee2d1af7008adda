-- The schema as the migrations leave it. Made by `mingjing migrate --dump`; do not edit.

CREATE TABLE alert (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  fingerprint text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'open'::text,
  rule text NOT NULL,
  rule_version integer NOT NULL,
  region text NOT NULL,
  department text,
  matter text,
  case_id text,
  case_no text,
  source_id text,
  hall text,
  counter text,
  officer text,
  title jsonb NOT NULL,
  reason jsonb NOT NULL,
  at timestamp with time zone NOT NULL,
  raised_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  seen json NOT NULL DEFAULT '{}'::json,
  next_at timestamp with time zone,
  told_at timestamp with time zone,
  level smallint,
  inhibited_by bigint,
  acknowledged_until timestamp with time zone,
  reopen_until timestamp with time zone,
  camera text,
  CONSTRAINT alert_inhibited_by_fkey FOREIGN KEY (inhibited_by) REFERENCES alert(id) ON DELETE SET NULL,
  CONSTRAINT alert_pkey PRIMARY KEY (id)
);

CREATE TABLE alert_history (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  alert_id bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  user_id integer,
  user_name text,
  action text NOT NULL,
  note text,
  until_at timestamp with time zone,
  CONSTRAINT alert_history_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alert(id) ON DELETE CASCADE,
  CONSTRAINT alert_history_pkey PRIMARY KEY (id)
);

CREATE TABLE app_user (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  username text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  region text NOT NULL,
  password_hash text NOT NULL,
  demo boolean NOT NULL DEFAULT false,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  disabled_at timestamp with time zone,
  CONSTRAINT app_user_pkey PRIMARY KEY (id),
  CONSTRAINT app_user_region_fkey FOREIGN KEY (region) REFERENCES region(code),
  CONSTRAINT app_user_role_check CHECK ((role = ANY (ARRAY['inspector'::text, 'leader'::text, 'supervisor'::text, 'clerk'::text, 'administrator'::text]))),
  CONSTRAINT app_user_username_key UNIQUE (username)
);

CREATE TABLE audit_log (
  seq bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  actor text NOT NULL,
  region text,
  action text NOT NULL,
  object text,
  detail jsonb NOT NULL DEFAULT '{}'::jsonb,
  prev_hash bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_log_pkey PRIMARY KEY (seq)
);

CREATE TABLE calendar_book (
  version integer NOT NULL,
  body jsonb NOT NULL,
  note text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  region text,
  CONSTRAINT calendar_book_pkey PRIMARY KEY (version),
  CONSTRAINT calendar_book_version_check CHECK ((version > 0))
);

CREATE TABLE camera (
  id text NOT NULL,
  name text NOT NULL,
  region text NOT NULL,
  hall text,
  counter text,
  source jsonb NOT NULL,
  disabled_at timestamp with time zone,
  sub jsonb,
  onvif text,
  credentials bytea,
  recording jsonb,
  revision integer NOT NULL DEFAULT 1,
  changed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT camera_counter_fkey FOREIGN KEY (counter) REFERENCES counter(id),
  CONSTRAINT camera_hall_fkey FOREIGN KEY (hall) REFERENCES hall(id),
  CONSTRAINT camera_pkey PRIMARY KEY (id),
  CONSTRAINT camera_region_fkey FOREIGN KEY (region) REFERENCES region(code)
);

CREATE TABLE camera_state (
  camera_id text NOT NULL,
  state text NOT NULL,
  mode text,
  attempt integer,
  retry_at timestamp with time zone,
  reason text,
  since timestamp with time zone NOT NULL,
  CONSTRAINT camera_state_camera_id_fkey FOREIGN KEY (camera_id) REFERENCES camera(id) ON DELETE CASCADE,
  CONSTRAINT camera_state_pkey PRIMARY KEY (camera_id)
);

CREATE TABLE camera_watch (
  camera_id text NOT NULL,
  seen json NOT NULL,
  sources text[] NOT NULL,
  revision integer,
  next_at timestamp with time zone,
  CONSTRAINT camera_watch_camera_id_fkey FOREIGN KEY (camera_id) REFERENCES camera(id) ON DELETE CASCADE,
  CONSTRAINT camera_watch_pkey PRIMARY KEY (camera_id)
);

CREATE TABLE card (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  clock_id text NOT NULL,
  case_id text NOT NULL,
  rung text NOT NULL,
  at timestamp with time zone NOT NULL,
  issued_at timestamp with time zone NOT NULL,
  ruleset_version integer NOT NULL,
  reason jsonb NOT NULL,
  fingerprint text NOT NULL,
  rescinded_at timestamp with time zone,
  rescinded_reason jsonb,
  explanation json,
  CONSTRAINT card_pkey PRIMARY KEY (id),
  CONSTRAINT card_rung_check CHECK ((rung = ANY (ARRAY['notice'::text, 'yellow'::text, 'red'::text])))
);

CREATE TABLE case_look (
  case_id text NOT NULL,
  next_at timestamp with time zone NOT NULL,
  CONSTRAINT case_look_case_id_fkey FOREIGN KEY (case_id) REFERENCES case_state(case_id) ON DELETE CASCADE,
  CONSTRAINT case_look_pkey PRIMARY KEY (case_id)
);

CREATE TABLE case_state (
  case_id text NOT NULL,
  case_no text NOT NULL,
  region text NOT NULL,
  source text NOT NULL,
  department text,
  hall text,
  counter text,
  officer text,
  matter text,
  title text,
  status text NOT NULL,
  stage text,
  submitted_at timestamp with time zone,
  accepted_at timestamp with time zone,
  ended_at timestamp with time zone,
  updated_at timestamp with time zone NOT NULL,
  updated_seq bigint NOT NULL,
  state json NOT NULL,
  CONSTRAINT case_state_pkey PRIMARY KEY (case_id)
);

CREATE TABLE clip (
  id uuid NOT NULL,
  camera_id text NOT NULL,
  camera_name text NOT NULL,
  region text NOT NULL,
  from_at timestamp with time zone NOT NULL,
  to_at timestamp with time zone NOT NULL,
  reason text NOT NULL,
  case_id text,
  made_by text NOT NULL,
  made_at timestamp with time zone NOT NULL,
  state text NOT NULL DEFAULT 'queued'::text,
  progress real NOT NULL DEFAULT 0,
  problem text,
  manifest json,
  public_key text,
  signature text,
  ended_at timestamp with time zone,
  ended_by text,
  CONSTRAINT clip_pkey PRIMARY KEY (id),
  CONSTRAINT clip_region_fkey FOREIGN KEY (region) REFERENCES region(code),
  CONSTRAINT clip_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'working'::text, 'done'::text, 'failed'::text])))
);

CREATE TABLE clock (
  clock_id text NOT NULL,
  case_id text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  due_at timestamp with time zone,
  due_date date,
  suspended boolean NOT NULL,
  provisional boolean NOT NULL,
  next_at timestamp with time zone,
  projection json NOT NULL,
  rungs json NOT NULL,
  level text NOT NULL DEFAULT 'case'::text,
  CONSTRAINT clock_case_id_fkey FOREIGN KEY (case_id) REFERENCES case_state(case_id) ON DELETE CASCADE,
  CONSTRAINT clock_level_check CHECK ((level = ANY (ARRAY['case'::text, 'stage'::text, 'delivery'::text, 'order'::text, 'complaint'::text, 'appeal'::text]))),
  CONSTRAINT clock_pkey PRIMARY KEY (clock_id)
);

CREATE TABLE counter (
  id text NOT NULL,
  hall text NOT NULL,
  department text NOT NULL,
  name text NOT NULL,
  CONSTRAINT counter_department_fkey FOREIGN KEY (department) REFERENCES department(id),
  CONSTRAINT counter_hall_fkey FOREIGN KEY (hall) REFERENCES hall(id),
  CONSTRAINT counter_pkey PRIMARY KEY (id)
);

CREATE TABLE dead_letter (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  source_id text NOT NULL,
  received_at timestamp with time zone NOT NULL,
  event_id text,
  kind text,
  reason text NOT NULL,
  body text NOT NULL,
  replayed_at timestamp with time zone,
  CONSTRAINT dead_letter_pkey PRIMARY KEY (id)
);

CREATE TABLE department (
  id text NOT NULL,
  region text NOT NULL,
  name text NOT NULL,
  name_en text NOT NULL,
  kind text NOT NULL,
  CONSTRAINT department_pkey PRIMARY KEY (id),
  CONSTRAINT department_region_fkey FOREIGN KEY (region) REFERENCES region(code)
);

CREATE TABLE hall (
  id text NOT NULL,
  region text NOT NULL,
  name text NOT NULL,
  is_virtual boolean NOT NULL DEFAULT false,
  hours jsonb,
  CONSTRAINT hall_pkey PRIMARY KEY (id),
  CONSTRAINT hall_region_fkey FOREIGN KEY (region) REFERENCES region(code)
);

CREATE TABLE inbox (
  source text NOT NULL,
  id text NOT NULL,
  CONSTRAINT inbox_pkey PRIMARY KEY (source, id)
);

CREATE TABLE inbox_commit (
  last_seq bigint NOT NULL,
  first_seq bigint NOT NULL,
  earliest timestamp with time zone NOT NULL,
  latest timestamp with time zone NOT NULL,
  CONSTRAINT inbox_commit_pkey PRIMARY KEY (last_seq)
);

CREATE TABLE layout (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  region text NOT NULL,
  owner integer NOT NULL,
  grid jsonb NOT NULL,
  roles text[],
  revision integer NOT NULL DEFAULT 1,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT layout_owner_fkey FOREIGN KEY (owner) REFERENCES app_user(id),
  CONSTRAINT layout_pkey PRIMARY KEY (id),
  CONSTRAINT layout_region_fkey FOREIGN KEY (region) REFERENCES region(code)
);

CREATE TABLE layout_choice (
  user_id integer NOT NULL,
  choice jsonb NOT NULL,
  CONSTRAINT layout_choice_pkey PRIMARY KEY (user_id),
  CONSTRAINT layout_choice_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

CREATE TABLE matter (
  id text NOT NULL,
  name text NOT NULL,
  name_en text NOT NULL,
  department_kind text NOT NULL,
  legal jsonb NOT NULL,
  legal_basis text NOT NULL,
  promised jsonb NOT NULL,
  stages text[] NOT NULL,
  stage_limits jsonb,
  delivery jsonb,
  CONSTRAINT matter_pkey PRIMARY KEY (id)
);

CREATE TABLE observation (
  observed_at timestamp with time zone NOT NULL,
  seq bigint NOT NULL,
  received_at timestamp with time zone NOT NULL,
  source text NOT NULL,
  id text NOT NULL,
  kind text NOT NULL,
  region text NOT NULL,
  case_id text,
  data json NOT NULL
);

CREATE TABLE observation_1h (
  bucket timestamp with time zone NOT NULL,
  region text NOT NULL,
  kind text NOT NULL,
  n bigint NOT NULL,
  CONSTRAINT observation_1h_pkey PRIMARY KEY (bucket, region, kind)
);

CREATE TABLE officer (
  id text NOT NULL,
  department text NOT NULL,
  name text NOT NULL,
  CONSTRAINT officer_department_fkey FOREIGN KEY (department) REFERENCES department(id),
  CONSTRAINT officer_pkey PRIMARY KEY (id)
);

CREATE TABLE patrol (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  region text NOT NULL,
  owner integer NOT NULL,
  steps jsonb NOT NULL,
  roles text[],
  revision integer NOT NULL DEFAULT 1,
  changed_at timestamp with time zone NOT NULL,
  CONSTRAINT patrol_owner_fkey FOREIGN KEY (owner) REFERENCES app_user(id),
  CONSTRAINT patrol_pkey PRIMARY KEY (id),
  CONSTRAINT patrol_region_fkey FOREIGN KEY (region) REFERENCES region(code)
);

CREATE TABLE pipeline_cursor (
  name text NOT NULL,
  seq bigint NOT NULL,
  stamp bigint NOT NULL DEFAULT 0,
  CONSTRAINT pipeline_cursor_pkey PRIMARY KEY (name)
);

CREATE TABLE profile (
  version integer NOT NULL,
  learned_at timestamp with time zone NOT NULL,
  cases integer NOT NULL,
  body json NOT NULL,
  CONSTRAINT profile_cases_check CHECK ((cases >= 0)),
  CONSTRAINT profile_pkey PRIMARY KEY (version),
  CONSTRAINT profile_version_check CHECK ((version > 0))
);

CREATE TABLE rating (
  seq bigint NOT NULL,
  at timestamp with time zone NOT NULL,
  region text NOT NULL,
  case_id text,
  department text,
  counter text,
  officer text,
  level smallint NOT NULL,
  comment text,
  CONSTRAINT rating_pkey PRIMARY KEY (seq)
);

CREATE TABLE recording_segment (
  camera_id text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone NOT NULL,
  bytes bigint NOT NULL,
  mime_type text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  media_time double precision NOT NULL
);

CREATE TABLE recording_storage (
  source_id text NOT NULL,
  state text NOT NULL,
  free_bytes bigint NOT NULL,
  reason text,
  since timestamp with time zone NOT NULL,
  told_at timestamp with time zone NOT NULL,
  CONSTRAINT recording_storage_pkey PRIMARY KEY (source_id),
  CONSTRAINT recording_storage_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id) ON DELETE CASCADE,
  CONSTRAINT recording_storage_state_check CHECK ((state = ANY (ARRAY['ok'::text, 'low'::text, 'full'::text])))
);

CREATE TABLE region (
  code text NOT NULL,
  name text NOT NULL,
  name_en text NOT NULL,
  tier text NOT NULL,
  parent text,
  zone text NOT NULL DEFAULT 'Asia/Shanghai'::text,
  calendar text NOT NULL DEFAULT 'cn'::text,
  CONSTRAINT region_calendar_check CHECK ((calendar = ANY (ARRAY['cn'::text, 'weekdays'::text]))),
  CONSTRAINT region_code_check CHECK ((code ~ '^\d{6}(\d{3})?$'::text)),
  CONSTRAINT region_parent_fkey FOREIGN KEY (parent) REFERENCES region(code),
  CONSTRAINT region_pkey PRIMARY KEY (code),
  CONSTRAINT region_tier_check CHECK ((tier = ANY (ARRAY['city'::text, 'county'::text, 'township'::text])))
);

CREATE TABLE rejudging (
  case_id text NOT NULL,
  asked_at timestamp with time zone NOT NULL,
  CONSTRAINT rejudging_pkey PRIMARY KEY (case_id)
);

CREATE TABLE ruleset (
  version integer NOT NULL,
  body jsonb NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  note text NOT NULL DEFAULT ''::text,
  region text,
  enacted_at timestamp with time zone,
  CONSTRAINT ruleset_pkey PRIMARY KEY (version)
);

CREATE TABLE screen (
  id text NOT NULL,
  name text NOT NULL,
  region text NOT NULL,
  hall text,
  counter text,
  url text NOT NULL,
  disabled_at timestamp with time zone,
  via text NOT NULL DEFAULT 'collector'::text,
  every_ms integer NOT NULL DEFAULT 1000,
  zones jsonb,
  CONSTRAINT screen_counter_fkey FOREIGN KEY (counter) REFERENCES counter(id),
  CONSTRAINT screen_every_ms_check CHECK (((every_ms >= 500) AND (every_ms <= 60000))),
  CONSTRAINT screen_hall_fkey FOREIGN KEY (hall) REFERENCES hall(id),
  CONSTRAINT screen_pkey PRIMARY KEY (id),
  CONSTRAINT screen_region_fkey FOREIGN KEY (region) REFERENCES region(code),
  CONSTRAINT screen_via_check CHECK ((via = ANY (ARRAY['collector'::text, 'agent'::text, 'page'::text])))
);

CREATE TABLE screen_state (
  screen_id text NOT NULL,
  sha256 text,
  media_type text,
  masked boolean NOT NULL DEFAULT false,
  seen_at timestamp with time zone NOT NULL,
  unchanged_since timestamp with time zone,
  CONSTRAINT screen_state_pkey PRIMARY KEY (screen_id),
  CONSTRAINT screen_state_screen_id_fkey FOREIGN KEY (screen_id) REFERENCES screen(id) ON DELETE CASCADE
);

CREATE TABLE silence (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  region text NOT NULL,
  prefix text NOT NULL,
  department text,
  rule text,
  kind text,
  case_id text,
  reason text NOT NULL,
  user_id integer NOT NULL,
  author text NOT NULL,
  created_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  ended_by text,
  CONSTRAINT silence_check CHECK ((expires_at > created_at)),
  CONSTRAINT silence_pkey PRIMARY KEY (id),
  CONSTRAINT silence_region_fkey FOREIGN KEY (region) REFERENCES region(code),
  CONSTRAINT silence_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);

CREATE TABLE source (
  id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  region text NOT NULL,
  token_hash bytea NOT NULL,
  expect_every_seconds integer NOT NULL DEFAULT 0,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_seen_at timestamp with time zone,
  disabled_at timestamp with time zone,
  screen_id text,
  CONSTRAINT source_pkey PRIMARY KEY (id),
  CONSTRAINT source_region_fkey FOREIGN KEY (region) REFERENCES region(code),
  CONSTRAINT source_screen_id_fkey FOREIGN KEY (screen_id) REFERENCES screen(id),
  CONSTRAINT source_token_hash_key UNIQUE (token_hash)
);

CREATE TABLE telling (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  message bigint NOT NULL,
  alert_id bigint NOT NULL,
  user_id integer NOT NULL,
  role text NOT NULL,
  region text NOT NULL,
  round integer NOT NULL,
  level smallint NOT NULL,
  at timestamp with time zone NOT NULL,
  title jsonb NOT NULL,
  reason jsonb NOT NULL,
  CONSTRAINT telling_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alert(id) ON DELETE CASCADE,
  CONSTRAINT telling_alert_id_round_level_user_id_key UNIQUE (alert_id, round, level, user_id),
  CONSTRAINT telling_pkey PRIMARY KEY (id),
  CONSTRAINT telling_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);

CREATE TABLE unmasked_frame (
  screen_id text NOT NULL,
  observed_at timestamp with time zone NOT NULL,
  sha256 text NOT NULL,
  CONSTRAINT unmasked_frame_pkey PRIMARY KEY (screen_id, observed_at, sha256),
  CONSTRAINT unmasked_frame_screen_id_fkey FOREIGN KEY (screen_id) REFERENCES screen(id)
);

CREATE TABLE unmasking (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  screen_id text NOT NULL,
  region text NOT NULL,
  asked_by text NOT NULL,
  reason text NOT NULL,
  minutes integer NOT NULL,
  asked_at timestamp with time zone NOT NULL,
  approved_by text,
  from_at timestamp with time zone,
  until_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by text,
  CONSTRAINT unmasking_check CHECK (((from_at IS NULL) = (until_at IS NULL))),
  CONSTRAINT unmasking_minutes_check CHECK (((minutes >= 1) AND (minutes <= 30))),
  CONSTRAINT unmasking_pkey PRIMARY KEY (id),
  CONSTRAINT unmasking_region_fkey FOREIGN KEY (region) REFERENCES region(code),
  CONSTRAINT unmasking_screen_id_fkey FOREIGN KEY (screen_id) REFERENCES screen(id)
);

CREATE TABLE user_session (
  token_hash bytea NOT NULL,
  user_id integer,
  created_at timestamp with time zone NOT NULL,
  last_used_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  wall_token integer,
  CONSTRAINT user_session_check CHECK ((num_nonnulls(user_id, wall_token) = 1)),
  CONSTRAINT user_session_pkey PRIMARY KEY (token_hash),
  CONSTRAINT user_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  CONSTRAINT user_session_wall_token_fkey FOREIGN KEY (wall_token) REFERENCES wall_token(id) ON DELETE CASCADE
);

CREATE TABLE viewing (
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  id uuid NOT NULL,
  source_id text NOT NULL,
  camera_id text NOT NULL,
  camera_name text NOT NULL,
  region text NOT NULL,
  username text NOT NULL,
  quality text NOT NULL,
  carried_by text NOT NULL,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  sealed_by bigint,
  CONSTRAINT viewing_carried_by_check CHECK ((carried_by = ANY (ARRAY['webrtc'::text, 'film'::text]))),
  CONSTRAINT viewing_id_key UNIQUE (id),
  CONSTRAINT viewing_pkey PRIMARY KEY (seq),
  CONSTRAINT viewing_quality_check CHECK ((quality = ANY (ARRAY['main'::text, 'sub'::text])))
);

CREATE TABLE wall (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  region text NOT NULL,
  windows jsonb NOT NULL,
  patrol uuid,
  alert_policy jsonb NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL,
  changed_at timestamp with time zone NOT NULL,
  course jsonb NOT NULL,
  rev bigint NOT NULL DEFAULT 1,
  wake_at timestamp with time zone NOT NULL,
  CONSTRAINT wall_patrol_fkey FOREIGN KEY (patrol) REFERENCES patrol(id) ON DELETE SET NULL,
  CONSTRAINT wall_pkey PRIMARY KEY (id),
  CONSTRAINT wall_region_fkey FOREIGN KEY (region) REFERENCES region(code)
);

CREATE TABLE wall_token (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  wall_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  note text NOT NULL,
  made_by text NOT NULL,
  made_at timestamp with time zone NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  used_at timestamp with time zone,
  CONSTRAINT wall_token_pkey PRIMARY KEY (id),
  CONSTRAINT wall_token_token_hash_key UNIQUE (token_hash),
  CONSTRAINT wall_token_wall_id_fkey FOREIGN KEY (wall_id) REFERENCES wall(id) ON DELETE CASCADE
);

CREATE INDEX alert_camera ON public.alert USING btree (camera, id) WHERE ((camera IS NOT NULL) AND (state <> 'rescinded'::text));

CREATE INDEX alert_camera_standing ON public.alert USING btree (camera) WHERE ((camera IS NOT NULL) AND (state <> ALL (ARRAY['closed'::text, 'rescinded'::text])));

CREATE INDEX alert_case ON public.alert USING btree (case_id) WHERE (case_id IS NOT NULL);

CREATE INDEX alert_ended ON public.alert USING btree (fingerprint, id) WHERE (state = ANY (ARRAY['rescinded'::text, 'closed'::text]));

CREATE INDEX alert_group ON public.alert USING btree (region, rule, kind, raised_at);

CREATE INDEX alert_heard ON public.alert USING btree (source_id, changed_at) WHERE ((kind = 'silent'::text) AND (state = 'closed'::text));

CREATE INDEX alert_history_alert ON public.alert_history USING btree (alert_id, id);

CREATE INDEX alert_inhibited ON public.alert USING btree (inhibited_by) WHERE (inhibited_by IS NOT NULL);

CREATE INDEX alert_next ON public.alert USING btree (next_at, id) WHERE (next_at IS NOT NULL);

CREATE INDEX alert_raised ON public.alert USING btree (raised_at DESC);

CREATE INDEX alert_silent ON public.alert USING btree (source_id) WHERE ((kind = 'silent'::text) AND (state <> ALL (ARRAY['closed'::text, 'rescinded'::text])));

CREATE INDEX alert_standing ON public.alert USING btree (region, kind) WHERE (state = ANY (ARRAY['open'::text, 'acknowledged'::text]));

CREATE INDEX camera_watch_next ON public.camera_watch USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX card_case ON public.card USING btree (case_id);

CREATE INDEX case_look_next ON public.case_look USING btree (next_at);

CREATE INDEX case_state_accepted ON public.case_state USING btree (accepted_at);

CREATE INDEX case_state_ended ON public.case_state USING btree (ended_at);

CREATE INDEX case_state_open ON public.case_state USING btree (region) WHERE (ended_at IS NULL);

CREATE INDEX case_state_region ON public.case_state USING btree (region, updated_seq DESC);

CREATE INDEX case_state_updated ON public.case_state USING btree (updated_seq DESC);

CREATE INDEX clip_open ON public.clip USING btree (state) WHERE (state = ANY (ARRAY['queued'::text, 'working'::text]));

CREATE INDEX clip_region ON public.clip USING btree (region, made_at);

CREATE INDEX clock_case ON public.clock USING btree (case_id);

CREATE INDEX clock_due_open ON public.clock USING btree (due_at) WHERE (ended_at IS NULL);

CREATE INDEX clock_next ON public.clock USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE INDEX department_region ON public.department USING btree (region);

CREATE INDEX observation_at ON public.observation USING brin (observed_at);

CREATE INDEX observation_camera ON public.observation USING btree (((data ->> 'camera'::text)), observed_at) WHERE ((kind = 'stream.state'::text) OR ((kind = 'camera.event'::text) AND ((data ->> 'topic'::text) = ANY (ARRAY['tamper'::text, 'signal-loss'::text]))));

CREATE INDEX observation_case ON public.observation USING btree (case_id, observed_at) WHERE (case_id IS NOT NULL);

CREATE INDEX observation_screen ON public.observation USING btree (((data ->> 'screen'::text)), observed_at) WHERE (kind = 'screen.captured'::text);

CREATE INDEX observation_seq ON public.observation USING btree (seq);

CREATE INDEX rating_at ON public.rating USING btree (at);

CREATE INDEX region_parent ON public.region USING btree (parent);

CREATE INDEX silence_holding ON public.silence USING btree (expires_at) WHERE (ended_at IS NULL);

CREATE INDEX telling_message ON public.telling USING btree (message);

CREATE INDEX unmasked_frame_at ON public.unmasked_frame USING btree (observed_at);

CREATE INDEX unmasking_region ON public.unmasking USING btree (region, id);

CREATE INDEX unmasking_screen ON public.unmasking USING btree (screen_id, until_at);

CREATE INDEX user_session_user ON public.user_session USING btree (user_id);

CREATE INDEX user_session_wall_token ON public.user_session USING btree (wall_token) WHERE (wall_token IS NOT NULL);

CREATE INDEX viewing_region ON public.viewing USING btree (region text_pattern_ops, seq DESC);

CREATE INDEX viewing_sealed_by ON public.viewing USING btree (sealed_by);

CREATE INDEX viewing_started ON public.viewing USING btree (started_at);

CREATE INDEX viewing_unsealed ON public.viewing USING btree (source_id) WHERE (sealed_by IS NULL);

CREATE INDEX wall_token_wall ON public.wall_token USING btree (wall_id);

CREATE INDEX wall_wake ON public.wall USING btree (wake_at);

CREATE UNIQUE INDEX alert_fingerprint ON public.alert USING btree (fingerprint) WHERE ((state <> 'rescinded'::text) AND ((kind <> 'silent'::text) OR (state <> 'closed'::text)));

CREATE UNIQUE INDEX card_claim ON public.card USING btree (clock_id, rung) WHERE (rescinded_at IS NULL);

CREATE UNIQUE INDEX recording_segment_key ON public.recording_segment USING btree (camera_id, started_at);

CREATE OR REPLACE FUNCTION public.bucket(width interval, at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ SELECT date_bin(width, at, timestamptz '2000-01-03 00:00:00+00') $function$;

CREATE OR REPLACE FUNCTION public.maintain_observations(as_of timestamp with time zone, look_back interval, keep interval)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $function$;

CREATE OR REPLACE FUNCTION public.ts_mode()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') THEN 'none'
              WHEN current_setting('timescaledb.license', true) = 'timescale' THEN 'tsl'
              ELSE 'apache' END $function$;

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
