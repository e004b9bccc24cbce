// Bookings: calls that must not happen twice.

// The row is there before the call. One that is not confirmed was left by a process that died, or by a failure: the
// call is made again under the same key, which the service knows.
export const beginBooking = `
  INSERT INTO bookings (idempotency_key, function_name, session_id, user_id, params, booking_type, cost_center,
    department, started_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (idempotency_key) DO UPDATE
    SET status = CASE bookings.status WHEN 'confirmed' THEN 'confirmed' ELSE 'started' END
  RETURNING status, result, user_id, params::text = $5::json::text AS same`

export const confirmBooking = `
  UPDATE bookings SET status = 'confirmed', result = $2, amount = $3, currency = $4, approval_status = $5,
    finished_at = $6, error = NULL
  WHERE idempotency_key = $1 AND status <> 'confirmed'`

export const failBooking = `
  UPDATE bookings SET status = 'failed', error = $2, finished_at = $3 WHERE idempotency_key = $1 AND status = 'started'`

// Taken by one process at a time; what could not be settled is taken again after $3.
export const claimUnfinished = `
  WITH taken AS (
    UPDATE bookings SET swept_at = $1 WHERE idempotency_key IN (
      SELECT idempotency_key FROM bookings
      WHERE status = 'started' AND started_at <= $2 AND (swept_at IS NULL OR swept_at <= $3)
      ORDER BY started_at LIMIT $4 FOR UPDATE SKIP LOCKED)
    RETURNING idempotency_key, function_name, user_id, cost_center, started_at)
  SELECT t.idempotency_key, t.user_id, t.cost_center, t.started_at, f.status_endpoint, f.headers, f.timeout_seconds
  FROM taken t LEFT JOIN function_calls f USING (function_name)`

export const decideApproval = `
  UPDATE bookings SET approval_status = $2
  WHERE idempotency_key = $1 AND status = 'confirmed' AND approval_status = 'pending_approval'
  RETURNING cost_center, finished_at`

export const selectBookings = `
  SELECT idempotency_key, function_name, session_id, user_id, params, status, result, error, booking_type, amount, currency,
    cost_center, department, approval_status, started_at, finished_at, count(*) OVER ()::integer AS total_rows
  FROM bookings WHERE ($1::text IS NULL OR approval_status = $1) AND ($2::text IS NULL OR user_id = $2)
  ORDER BY started_at DESC, idempotency_key LIMIT $3 OFFSET $4`
