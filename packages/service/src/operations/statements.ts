/** The columns of a row, as `OperationRow` has them. */
const columns = `position, at, action, user_id, username, tenant, target, details, result, status, error, duration_ms,
  address, request_id, previous, hash`

/** The end of the chain, for whoever adds to it: others wait until the transaction ends. */
export const lockChain = `select position, hash from service_operation_chain for update`

/** Adds rows ($1, a JSON list) and moves the end of the chain to position $2 and hash $3. */
export const append = `with added as (
    insert into service_operations (${columns})
    select ${columns} from jsonb_to_recordset($1::jsonb) as row (
      position bigint, at timestamptz, action text, user_id text, username text, tenant text, target text,
      details jsonb, result text, status integer, error text, duration_ms double precision, address text,
      request_id text, previous text, hash text)
  )
  update service_operation_chain set position = $2, hash = $3`
