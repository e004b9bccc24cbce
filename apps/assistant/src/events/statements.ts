// The log of configuration changes, which is also their outbox (row A20).

// The notice is heard when the transaction commits, and only then.
export const insertEvent = `
  WITH event AS (
    INSERT INTO cache_invalidation_logs (invalidation_id, table_name, record_id, operation, data, subject, target,
      cache_keys, cache_tags, operator_id, reason, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING invalidation_id)
  SELECT pg_notify($13, invalidation_id) FROM event`

// Whoever takes an event works on it alone; one that was taken and not finished within $1 was left by a process that
// died. Order within a row of the configuration does not matter: each attempt deletes, and the next read loads.
export const claimEvents = `
  UPDATE cache_invalidation_logs SET status = 'processing', claimed_at = now(), attempts = attempts + 1
  WHERE id IN (
    SELECT id FROM cache_invalidation_logs
    WHERE (status = 'pending' AND next_attempt_at <= now())
      OR (status = 'processing' AND claimed_at <= now() - $1::interval)
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING invalidation_id, table_name, record_id, cache_keys AS keys, cache_tags AS tags, attempts`

export const completeEvent = `
  UPDATE cache_invalidation_logs SET status = 'completed', completed_at = now(), error = NULL
  WHERE invalidation_id = $1 AND status = 'processing'`

export const postponeEvent = `
  UPDATE cache_invalidation_logs SET status = 'pending', error = $2, next_attempt_at = now() + $3::interval
  WHERE invalidation_id = $1 AND status = 'processing'`

export const failEvent = `
  UPDATE cache_invalidation_logs SET status = 'failed', error = $2
  WHERE invalidation_id = $1 AND status = 'processing'`

export const retryEvent = `
  UPDATE cache_invalidation_logs SET status = 'pending', next_attempt_at = now()
  WHERE invalidation_id = $1 AND status = 'failed' RETURNING id`

export const nextDue = `
  SELECT (extract(epoch FROM min(
    CASE WHEN status = 'pending' THEN next_attempt_at ELSE claimed_at + $1::interval END) - now()) * 1000)::float8 AS due
  FROM cache_invalidation_logs WHERE status IN ('pending', 'processing')`

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
