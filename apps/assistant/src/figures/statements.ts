// What happened, counted. Times are given, so that a test's clock is the one that counts.

export const addFigures = `
  INSERT INTO figures (minute, name, value)
  SELECT minute, name, value FROM json_to_recordset($1::json) AS item (minute timestamptz, name text, value float8)
  ON CONFLICT (minute, name) DO UPDATE SET value = figures.value + excluded.value`

export const sumFigures = `SELECT name, sum(value) AS value FROM figures WHERE minute >= $1 GROUP BY name`

export const forgetFigures = `DELETE FROM figures WHERE minute < $1`

export const setGauges = `
  INSERT INTO process_gauges (process_id, cpu_usage_percent, memory_usage_percent, updated_at)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (process_id) DO UPDATE SET cpu_usage_percent = excluded.cpu_usage_percent,
    memory_usage_percent = excluded.memory_usage_percent, updated_at = excluded.updated_at`

export const forgetGauges = `DELETE FROM process_gauges WHERE process_id = $1 OR updated_at < $2`

export const readGauges = `
  SELECT coalesce(avg(cpu_usage_percent), 0) AS cpu, coalesce(avg(memory_usage_percent), 0) AS memory
  FROM process_gauges WHERE updated_at >= $1`

export const countConnections = `
  SELECT count(*)::integer AS connections FROM pg_stat_activity WHERE datname = current_database()`

export const countSessions = `
  SELECT count(*)::integer AS sessions,
    count(DISTINCT s.user_id) FILTER (WHERE u.user_id IS NOT NULL)::integer AS enterprise_users
  FROM sessions s LEFT JOIN assistant_users u USING (user_id) WHERE s.status = 'active' AND s.expires_at > $1`

export const countRecognitions = `
  SELECT count(*)::integer AS total,
    count(*) FILTER (WHERE intent_recognized IS NOT NULL AND status <> 'ambiguous')::integer AS successful,
    count(*) FILTER (WHERE status = 'ambiguous')::integer AS ambiguous,
    count(*) FILTER (WHERE intent_recognized IS NULL AND status <> 'ambiguous')::integer AS fallback,
    coalesce(avg(confidence), 0) AS confidence
  FROM conversations WHERE created_at >= $1 AND user_input <> ''`

export const countApprovals = `
  SELECT count(*)::integer AS pending FROM bookings WHERE status = 'confirmed' AND approval_status = 'pending_approval'`

export const usersByCostCenter = `
  SELECT u.preferences ->> 'cost_center' AS name, count(DISTINCT s.user_id)::integer AS count
  FROM sessions s JOIN assistant_users u USING (user_id)
  WHERE s.status = 'active' AND s.expires_at > $1 AND u.preferences ->> 'cost_center' IS NOT NULL
  GROUP BY 1 ORDER BY 2 DESC, 1`

export const usersBy = (field: 'department' | 'employee_level'): string => `
  SELECT profile_data ->> '${field}' AS name, count(*)::integer AS count FROM assistant_users
  WHERE profile_data ->> '${field}' IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`

export const countUsers = `SELECT count(*)::integer AS users FROM assistant_users`

export const intentsSince = `
  SELECT intent_recognized AS name, count(*)::integer AS count FROM conversations
  WHERE created_at >= $1 AND intent_recognized IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`

export const turnsByHour = `
  SELECT extract(hour FROM created_at AT TIME ZONE $2)::integer AS hour, count(*)::integer AS count
  FROM conversations WHERE created_at >= $1 GROUP BY 1 ORDER BY 1`

export const sessionLength = `
  SELECT coalesce(avg(extract(epoch FROM updated_at - created_at)) / 60, 0) AS minutes
  FROM sessions WHERE created_at >= $1`

export const bookingsOfDay = `
  SELECT booking_type, amount, currency, approval_status, user_id, department FROM bookings
  WHERE cost_center = $1 AND status = 'confirmed' AND finished_at >= $2 AND finished_at < $3
  ORDER BY finished_at, idempotency_key`

export const managerOfCostCenter = `
  SELECT profile_data ->> 'manager_id' AS manager, profile_data ->> 'department' AS department
  FROM assistant_users WHERE preferences ->> 'cost_center' = $1
  GROUP BY 1, 2 ORDER BY count(*) DESC, 1 NULLS LAST LIMIT 1`

export const statsOfUser = `
  SELECT count(*)::integer AS sessions,
    count(*) FILTER (WHERE status = 'active' AND expires_at > $2)::integer AS active, max(updated_at) AS last_active
  FROM sessions WHERE user_id = $1`

export const turnsOfUser = `
  SELECT c.intent_recognized AS name, count(*)::integer AS count
  FROM conversations c JOIN sessions s USING (session_id) WHERE s.user_id = $1 GROUP BY 1 ORDER BY 2 DESC, 1`
