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

// Of every choice: $1 user name, $2 type or action, $3 result, $4 and $5 times, $6 text, $7 tenant; null for any.
const chosen = `($1::text is null or username = $1)
  and ($2::text is null or action = $2 or starts_with(action, $2 || '.'))
  and ($3::text is null or result = $3)
  and ($4::timestamptz is null or at >= $4)
  and ($5::timestamptz is null or at < $5)
  and ($6::text is null or strpos(lower(concat_ws(' ', action, username, target, error, address, request_id,
    details::text)), lower($6)) > 0)
  and ($7::text is null or tenant = $7)`

/** The newest $9 chosen rows before position $8. */
export const selectNewest = `select ${columns} from service_operations
  where ${chosen} and ($8::bigint is null or position < $8) order by position desc limit $9`

/** The oldest $10 chosen rows after position $8 and up to position $9. */
export const selectOldest = `select ${columns} from service_operations
  where ${chosen} and position > $8 and position <= $9 order by position limit $10`

/** How many chosen rows there are of each type, each hour of the day in UTC, and each result. */
export const count = `with chosen as materialized (
    select split_part(action, '.', 1) as type, to_char(at at time zone 'UTC', 'HH24') as hour, result
    from service_operations where ${chosen}
  )
  select 'type' as by, type as name, count(*)::integer as count from chosen group by type
  union all select 'hour', hour, count(*)::integer from chosen group by hour
  union all select 'result', result, count(*)::integer from chosen group by result
  order by count desc, name`

/** Where the chain begins and ends, and the newest row that there is. */
export const selectChain = `select position, hash, anchor_position, anchor_hash,
  (select max(position) from service_operations) as newest from service_operation_chain`

/** $3 rows after position $1 and up to $2. */
export const selectSpan = `select ${columns} from service_operations
  where position > $1 and position <= $2 order by position limit $3`

/** The row at a position. */
export const selectRow = `select ${columns} from service_operations where position = $1`

/** Removes the rows up to position $1. */
export const removeThrough = `delete from service_operations where position <= $1`

/** The chain now begins after position $1, whose row had the hash $2. */
export const moveAnchor = `update service_operation_chain set anchor_position = $1, anchor_hash = $2`
