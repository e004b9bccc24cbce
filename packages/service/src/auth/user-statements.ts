const columns = `id::text as id, username, password_hash, role, tenant, is_active, password_once, token_version,
  created_at, last_login_at`

/** A user by name. */
export const findByName = `select ${columns} from service_users where username = $1`

/** A user by id. */
export const findById = `select ${columns} from service_users where id = $1`

/** A new user without a password; nothing when the name is taken. */
export const insertUser = `insert into service_users (username, role) values ($1, $2) on conflict (username) do nothing`

/** Sets a lasting password and ends the tokens issued before, if the password is still the one that was checked. */
export const setPassword = `update service_users
  set password_hash = $2, password_once = false, token_version = token_version + 1
  where id = $1 and password_hash is not distinct from $3 returning ${columns}`

/** Sets a password for one login; never in the place of a lasting one. */
export const setOneTimePassword = `update service_users set password_hash = $2, password_once = true
  where id = $1 and (password_hash is null or password_once) returning ${columns}`

/** Notes a login, once only for a one-time password; nothing when the password was used or changed meanwhile. */
export const recordLogin = `update service_users
  set last_login_at = now(), password_hash = case when password_once then null else password_hash end
  where id = $1 and password_hash = $2 and is_active returning ${columns}`

/** Lets a user in or shuts it out. */
export const setActive = `update service_users set is_active = $2 where username = $1`

/** Gives a user another role. */
export const setRole = `update service_users set role = $2 where username = $1`
