-- A photo's row is its job. Times are milliseconds since 1970 (UTC), so that the same statements run on
-- SQLite and PostgreSQL.
CREATE TABLE photos (
    id                       TEXT PRIMARY KEY,          -- random UUID, version 4
    status                   TEXT NOT NULL,             -- ticketed, queued, processing, completed, failed

    -- 1. intake: the ticket, then what was asked for.
    upload_type              TEXT NOT NULL,             -- media type that the ticket was signed for
    upload_bytes             BIGINT NOT NULL,
    created_at_ms            BIGINT NOT NULL,
    theme_id                 TEXT,
    variant_id               TEXT,
    output_format            TEXT,                      -- jpeg, png
    owner_secret_sha256      TEXT,                      -- hexadecimal; the secret itself is not kept
    queued_at_ms             BIGINT,

    -- 2. jobs and 3. rendering: who holds it, until when, and how far it is.
    attempts                 BIGINT NOT NULL DEFAULT 0, -- also the fence: an older attempt cannot write
    lease_owner              TEXT,
    lease_until_ms           BIGINT,
    started_at_ms            BIGINT,
    stage                    TEXT,
    progress                 DOUBLE PRECISION NOT NULL DEFAULT 0,

    -- 4. results.
    finished_at_ms           BIGINT,
    duration_ms              BIGINT,                    -- from the last claim to the end
    error_code               TEXT,
    result_type              TEXT,
    result_width             BIGINT,
    result_height            BIGINT,
    result_bytes             BIGINT,
    faces                    BIGINT,
    original_deleted_at_ms   BIGINT
);

CREATE INDEX photos_queued ON photos (queued_at_ms, id) WHERE status = 'queued';
CREATE INDEX photos_leased ON photos (lease_until_ms) WHERE status = 'processing';
CREATE INDEX photos_recent ON photos (finished_at_ms) WHERE status = 'completed';
CREATE INDEX photos_leftover ON photos (finished_at_ms)
    WHERE finished_at_ms IS NOT NULL AND original_deleted_at_ms IS NULL;
