-- What became of a booking whose process died can be asked: the address answers with the order of an
-- `idempotency_key`, or with 404.
ALTER TABLE function_calls ADD COLUMN status_endpoint text;
UPDATE function_calls SET status_endpoint = 'https://api.enterprise-travel.com/v1/orders'
  WHERE NOT is_idempotent AND api_endpoint LIKE 'https://api.enterprise-travel.com/%';

ALTER TABLE bookings ADD COLUMN swept_at timestamptz;
CREATE INDEX bookings_unfinished ON bookings (started_at) WHERE status = 'started';
