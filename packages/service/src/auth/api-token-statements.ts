const columns = `id::text as id, name, role, tenant, created_by, created_at, expires_at, last_used_at`

/** A token with the hash of its secret. */
export const find = `select ${columns}, secret_hash from service_api_tokens where id = $1`

/** A new token; nothing when the name is taken. */
export const insert = `insert into service_api_tokens
  (id, name, secret_hash, role, tenant, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (name) do nothing returning ${columns}`

/** $3 tokens after id $1, of tenant $2 or of all. */
export const list = `select ${columns} from service_api_tokens
  where ($1::uuid is null or id > $1) and ($2::text is null or tenant = $2) order by id limit $3`

/** Removes a token, of tenant $2 or of any. */
export const remove = `delete from service_api_tokens where id = $1 and ($2::text is null or tenant = $2)
  returning ${columns}`

/** Notes that a token was used. */
export const noteUse = `update service_api_tokens set last_used_at = $2 where id = $1`
