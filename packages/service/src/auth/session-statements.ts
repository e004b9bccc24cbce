/** Ends the sessions of user $1 that are over at $2, and all but the newest $3. */
export const tidy = `delete from service_sessions where user_id = $1 and (expires_at <= $2 or id not in (
    select id from service_sessions where user_id = $1 order by created_at desc, id limit $3))`

/** Begins session $1 of user $2 with the hash of its secret $3, now $4, until $5, from address $6. */
export const begin = `insert into service_sessions
  (id, user_id, secret_hash, rotated_at, created_at, expires_at, address) values ($1, $2, $3, $4, $4, $5, $6)`

/** A session, for whoever is going to change it. */
export const lock = `select user_id::text as user_id, secret_hash, previous_hash, rotated_at, expires_at
  from service_sessions where id = $1 for update`

/** Replaces the secret of session $1 by one with hash $2, now $3. */
export const rotate = `update service_sessions
  set previous_hash = secret_hash, secret_hash = $2, rotated_at = $3 where id = $1`

/** Ends a session. */
export const end = `delete from service_sessions where id = $1`

/** Ends all sessions of a user. */
export const endAll = `delete from service_sessions where user_id = $1`
