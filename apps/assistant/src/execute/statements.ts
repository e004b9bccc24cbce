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

export const decideApproval = `
  UPDATE bookings SET approval_status = $2
  WHERE idempotency_key = $1 AND status = 'confirmed' AND approval_status = 'pending_approval'
  RETURNING cost_center, finished_at`

export const selectBookings = `
  SELECT idempotency_key, function_name, session_id, user_id, params, status, result, error, booking_type, amount, currency,
    cost_center, department, approval_status, started_at, finished_at, count(*) OVER ()::integer AS total_rows
  FROM bookings WHERE ($1::text IS NULL OR approval_status = $1) AND ($2::text IS NULL OR user_id = $2)
  ORDER BY started_at DESC, idempotency_key LIMIT $3 OFFSET $4`
