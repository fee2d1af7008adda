-- Up Migration
-- Why a version was published, by whom of where, and when it took effect: whoever sets this lets cases be judged anew.
ALTER TABLE ruleset ADD COLUMN note text NOT NULL DEFAULT '', ADD COLUMN region text, ADD COLUMN enacted_at timestamptz;
UPDATE ruleset SET enacted_at = effective_from WHERE effective_from <= now();
ALTER TABLE calendar_book ADD COLUMN region text;

-- Raised with every change of what cases are judged by, under the cursor's lock: no step judges by what was before.
ALTER TABLE pipeline_cursor ADD COLUMN stamp bigint NOT NULL DEFAULT 0;

-- Cases that wait to be judged anew after such a change; those without any clock as well.
CREATE TABLE rejudging (
  case_id  text PRIMARY KEY,
  asked_at timestamptz NOT NULL
);
