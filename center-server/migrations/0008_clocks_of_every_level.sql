-- Up Migration
-- A case has one clock of its own and others beside it: of its stages, delivery, orders, complaints, appeals.
ALTER TABLE clock ADD COLUMN level text NOT NULL DEFAULT 'case'
  CHECK (level IN ('case', 'stage', 'delivery', 'order', 'complaint', 'appeal'));
CREATE VIEW case_clock AS SELECT * FROM clock WHERE level = 'case';

ALTER TABLE matter ADD COLUMN stage_limits jsonb, ADD COLUMN delivery jsonb;
ALTER TABLE hall ADD COLUMN hours jsonb;

-- Everything a card rests on, as it was when the card was issued; json: evidence keeps its own bytes.
ALTER TABLE card ADD COLUMN explanation json;
-- What the rule looked at.
ALTER TABLE alert ADD COLUMN seen json NOT NULL DEFAULT '{}';

-- 工作日历: what is entered on top of the national calendar.
CREATE TABLE calendar_book (
  version    integer PRIMARY KEY CHECK (version > 0),
  body       jsonb NOT NULL,
  note       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);

-- Scans and complaints are told to their case from now on, also those that are here already.
UPDATE observation SET case_id = left(region, 6) || ':' || coalesce(data ->> 'caseNo', data ->> 'complaint')
WHERE kind IN ('barcode.scanned', 'complaint.filed') AND coalesce(data ->> 'caseNo', data ->> 'complaint') IS NOT NULL;
