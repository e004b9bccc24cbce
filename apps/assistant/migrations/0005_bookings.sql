-- One row for each call that must not happen twice, by its idempotency key. It is written before the call, so that a
-- process that dies on the way leaves what the next one needs: the same key. A confirmed row is also the booking that the
-- cost-centre figures count (row A14).
CREATE TABLE bookings (
  idempotency_key text PRIMARY KEY CHECK (length(idempotency_key) BETWEEN 1 AND 200),
  function_name text NOT NULL,
  session_id text,
  user_id text NOT NULL,
  params json NOT NULL,
  status text NOT NULL DEFAULT 'started' CHECK (status IN ('started', 'confirmed', 'failed')),
  result json,
  error text,
  booking_type text NOT NULL,
  amount double precision,
  currency text,
  cost_center text,
  department text,
  approval_status text
    CHECK (approval_status IN ('auto_approved', 'pending_approval', 'approved', 'rejected')),
  started_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX bookings_by_cost_center ON bookings (cost_center, finished_at) WHERE status = 'confirmed';
CREATE INDEX bookings_by_user ON bookings (user_id, started_at);
