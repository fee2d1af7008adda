-- Up Migration
-- A viewing that has ended is sealed: a line of the audit log holds the digest of those that ended together, and from then on
-- they are not changed any more.
ALTER TABLE viewing ADD COLUMN sealed_by bigint;
CREATE INDEX viewing_sealed_by ON viewing (sealed_by);
CREATE INDEX viewing_unsealed ON viewing (source_id) WHERE sealed_by IS NULL;
