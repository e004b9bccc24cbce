// The log of configuration changes, which is also their outbox (row A20).

// The notice is heard when the transaction commits, and only then.
export const insertEvent = `
  WITH event AS (
    INSERT INTO cache_invalidation_logs (invalidation_id, table_name, record_id, operation, data, subject, target,
      cache_keys, cache_tags, operator_id, reason, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING invalidation_id)
  SELECT pg_notify($13, invalidation_id) FROM event`

/** What a claimed event carries. */
export const claimed =
  'invalidation_id, table_name, record_id, cache_keys AS keys, cache_tags AS tags, attempts'

const columns = `
  invalidation_id, table_name, record_id, operation, data, subject, target, cache_keys, cache_tags, operator_id, reason,
  status, attempts, error, created_at, completed_at`

export const selectEvent = `SELECT ${columns} FROM cache_invalidation_logs WHERE invalidation_id = $1`

export const selectLastEvent = `
  SELECT ${columns} FROM cache_invalidation_logs WHERE table_name = $1 AND record_id = $2 ORDER BY id DESC LIMIT 1`

export const selectNewest = `
  SELECT ${columns} FROM cache_invalidation_logs WHERE created_at > $1 ORDER BY id DESC LIMIT $2`

export const selectEvents = `
  SELECT ${columns}, count(*) OVER ()::integer AS total_rows FROM cache_invalidation_logs
  WHERE $1::text IS NULL OR status = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`
