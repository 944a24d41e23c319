-- What several processes need to share one queue, and guests to be forgotten.
ALTER TABLE photos ADD COLUMN claimable_at_ms BIGINT NOT NULL DEFAULT 0; -- after a failure: not before then
ALTER TABLE photos ADD COLUMN excused BIGINT NOT NULL DEFAULT 0;         -- of the attempts, those that something else failed
ALTER TABLE photos ADD COLUMN error_detail TEXT;                         -- for operators; no guest sees it
ALTER TABLE photos ADD COLUMN idempotency_salt TEXT;                     -- mixed with the guest's key into the owner's secret

-- Whoever can make portraits: one row a process, renewed as long as it lives.
CREATE TABLE workers (
    name       TEXT PRIMARY KEY,
    studios    BIGINT NOT NULL,          -- portraits that it makes at a time
    seen_at_ms BIGINT NOT NULL
);

-- A link that a guest shares; the token itself is not kept.
CREATE TABLE shares (
    token_sha256  TEXT PRIMARY KEY,
    photo_id      TEXT NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    expires_at_ms BIGINT NOT NULL
);

CREATE INDEX shares_photo ON shares (photo_id);
-- The sweeper's questions.
CREATE INDEX photos_originals ON photos (created_at_ms) WHERE original_deleted_at_ms IS NULL;
CREATE INDEX photos_expiring ON photos (id) WHERE status = 'expiring';
CREATE INDEX photos_finished ON photos (finished_at_ms) WHERE finished_at_ms IS NOT NULL;
