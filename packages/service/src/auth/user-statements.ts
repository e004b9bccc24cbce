const columns = `id::text as id, username, password_hash, role, tenant, is_active, password_once, token_version,
  created_at, last_login_at`

/** A user by name. */
export const findByName = `select ${columns} from service_users where username = $1`

/** A user by id. */
export const findById = `select ${columns} from service_users where id = $1`

/** What authentication has to know of a user. */
export const findKnown = `select id::text as id, username, role, tenant, is_active, token_version,
  array(select id::text from service_sessions where user_id = service_users.id order by created_at) as sessions
  from service_users where id = $1`

/** A new user without a password; nothing when the name is taken. */
export const insertUser = `insert into service_users (username, role) values ($1, $2) on conflict (username) do nothing`

/** A new user with a one-time password $4; nothing when the name is taken. */
export const createUser = `insert into service_users (username, role, tenant, password_hash, password_once)
  values ($1, $2, $3, $4, true) on conflict (username) do nothing returning ${columns}`

/** $3 users after id $1, of tenant $2 or of all. */
export const listUsers = `select ${columns} from service_users
  where id > $1 and ($2::text is null or tenant = $2) order by id limit $3`

/** A user, for whoever is going to change it; of tenant $2 or of any. */
export const lockUser = `select ${columns} from service_users
  where id = $1 and ($2::text is null or tenant = $2) for update`

/** Changes role, activity and tenant. */
export const updateUser = `update service_users set role = $2, is_active = $3, tenant = $4 where id = $1
  returning ${columns}`

/** Sets a one-time password in the place of any other, and ends the tokens issued before. */
export const resetPassword = `update service_users
  set password_hash = $2, password_once = true, token_version = token_version + 1 where id = $1 returning ${columns}`

/** Ends the tokens issued to a user, and its sessions. */
export const endTokens = `with ended as (delete from service_sessions where user_id = $1)
  update service_users set token_version = token_version + 1 where id = $1 returning ${columns}`

/** Removes a user and its sessions. */
export const deleteUser = `delete from service_users where id = $1`

/** Those who can log in and may do everything: locked in one order, so that two who remove each other take turns. */
export const lockAdministrators = `select id::text as id from service_users
  where role = 'admin' and is_active and tenant is null and (password_hash is not null or last_login_at is not null)
  order by id for update`

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
export const setActive = `update service_users set is_active = $2 where username = $1 returning ${columns}`

/** Gives a user another role. */
export const setRole = `update service_users set role = $2 where username = $1 returning ${columns}`
