// The queue of asynchronous logs (row A21), and where they end up.

export const enqueue = `
  INSERT INTO async_log_queue (log_type, log_data, priority, created_at, next_attempt_at)
  SELECT log_type, log_data, priority, created_at, created_at
  FROM json_to_recordset($1::json) AS item (log_type text, log_data json, priority integer, created_at timestamptz)`

// What was claimed before $2 and is not done was left by a process that died.
export const claim = `
  UPDATE async_log_queue SET status = 'processing', claimed_at = $1, attempts = attempts + 1
  WHERE id IN (
    SELECT id FROM async_log_queue
    WHERE (status = 'pending' AND next_attempt_at <= $1) OR (status = 'processing' AND claimed_at <= $2)
    ORDER BY priority DESC, id LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING id, log_type, log_data, attempts, created_at`

export const complete = `
  UPDATE async_log_queue SET status = 'completed', processed_at = $2, error = NULL WHERE id = ANY ($1)`

export const postpone = `
  UPDATE async_log_queue SET status = CASE WHEN attempts >= $4 THEN 'failed' ELSE 'pending' END, error = $2,
    next_attempt_at = $3
  WHERE id = $1 AND status = 'processing'`

export const forget = `DELETE FROM async_log_queue WHERE status = 'completed' AND processed_at < $1`

export const statusOf = `
  SELECT count(*) FILTER (WHERE status = 'pending')::integer AS pending,
    count(*) FILTER (WHERE status = 'processing')::integer AS processing,
    count(*) FILTER (WHERE status = 'completed')::integer AS completed,
    count(*) FILTER (WHERE status = 'failed')::integer AS failed,
    coalesce(avg(extract(epoch FROM processed_at - claimed_at) * 1000)
      FILTER (WHERE processed_at >= $2::timestamptz - interval '5 minutes'), 0)::float8 AS milliseconds,
    count(*) FILTER (WHERE processed_at > $2::timestamptz - interval '1 minute')::integer AS last_minute,
    max(processed_at) AS last_processed
  FROM async_log_queue WHERE log_type = $1`

const items = (columns: string): string =>
  `FROM json_to_recordset($1::json) AS item (queue_id bigint, logged_at timestamptz, details json, ${columns})
   ON CONFLICT (queue_id) DO NOTHING`

/** One statement for each kind, which writes a whole batch; a row that was written already is left as it is. */
export const writeLogs = {
  api_call: `
    INSERT INTO api_call_logs (queue_id, function_name, user_id, outcome, attempts, milliseconds, details, logged_at)
    SELECT queue_id, function_name, user_id, outcome, attempts, milliseconds, details, logged_at
    ${items('function_name text, user_id text, outcome text, attempts integer, milliseconds float8')}`,
  security_audit: `
    INSERT INTO security_audit_logs (queue_id, action, user_id, details, logged_at)
    SELECT queue_id, action, user_id, details, logged_at ${items('action text, user_id text')}`,
  performance: `
    INSERT INTO performance_logs (queue_id, operation, milliseconds, details, logged_at)
    SELECT queue_id, operation, milliseconds, details, logged_at ${items('operation text, milliseconds float8')}`,
  error: `
    INSERT INTO error_logs (queue_id, code, message, details, logged_at)
    SELECT queue_id, code, message, details, logged_at ${items('code text, message text')}`,
} as const

const tables = {
  api_call: 'api_call_logs',
  security_audit: 'security_audit_logs',
  performance: 'performance_logs',
  error: 'error_logs',
} as const

export const selectLogs = (kind: keyof typeof tables): string => `
  SELECT *, count(*) OVER ()::integer AS total_rows FROM ${tables[kind]} ORDER BY queue_id DESC LIMIT $1 OFFSET $2`
