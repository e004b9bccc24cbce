import type { session } from '@reprise/api'
import type { z } from 'zod'
import { HttpError } from '../http/http-error.ts'
import type { Actor } from '../operations/operation.ts'
import type { Caller } from './authenticate.ts'
import type { LoginLimit } from './login-limit.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import type { Continued, Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'
import type { UserRow, Users } from './users.ts'

/** A token and whose it is, as login answers it. */
export type Session = z.infer<typeof session>

/** What signing in needs. */
export interface SignInParts {
  readonly users: Users
  readonly tokens: Tokens
  readonly sessions: Sessions
  readonly limit: LoginLimit
}

/** A user as the operation log names it. */
function actorOf({ id, username, tenant }: UserRow): Actor {
  return { id, username, tenant: tenant ?? undefined }
}

/** Tokens for a user in a session. */
function sessionOf({ tokens, sessions }: SignInParts, user: UserRow, continued: Continued): Session {
  return {
    token: tokens.issue(user, continued.id),
    token_type: 'Bearer',
    expires_in: tokens.lifeSeconds,
    refresh_token: continued.refreshToken,
    refresh_expires_in: sessions.lifeSeconds,
    user: { username: user.username, role: user.role, tenant: user.tenant },
    must_change_password: user.password_once,
  }
}

/** Counts one try of a password and resolves with whether it was right. @throws HttpError 429 after too many wrong ones */
async function tryPassword(
  limit: LoginLimit,
  who: { readonly username: string; readonly address: string },
  check: () => Promise<boolean>,
): Promise<boolean> {
  const wait = limit.begin(who.username, who.address)
  if (wait !== undefined) {
    throw new HttpError(429, `Too many failed logins; try again in ${wait} s`, {
      headers: { 'retry-after': String(wait) },
    })
  }
  const right = await check()
  if (right) limit.succeed(who.username, who.address)
  return right
}

/** Logs a user in by name and password; resolves with who it is. @throws HttpError 401 with one message for all reasons, 429 */
export async function signIn(
  parts: SignInParts,
  request: { readonly username: string; readonly password: string; readonly address: string },
): Promise<{ readonly user: Actor; readonly session: Session }> {
  const { users, sessions, limit } = parts
  let user: UserRow | undefined
  const right = await tryPassword(limit, request, async () => {
    const found = await users.findByName(request.username)
    const matches = await verifyPassword(request.password, found?.password_hash)
    if (!matches || typeof found?.password_hash !== 'string') return false
    user = await users.recordLogin(found.id, found.password_hash)
    return user !== undefined
  })
  if (!right || user === undefined) throw new HttpError(401, 'Invalid username or password')
  const session = sessionOf(parts, user, await sessions.begin(user.id, request.address))
  return { user: actorOf(user), session }
}

/** Continues a session by its refresh token. @throws HttpError 401 */
export async function refreshSession(
  parts: SignInParts,
  refreshToken: string,
): Promise<{ readonly user: Actor; readonly session: Session }> {
  const continued = await parts.sessions.refresh(refreshToken)
  const user = await parts.users.findById(continued.userId)
  if (user === undefined || !user.is_active) throw new HttpError(401, 'User is inactive')
  return { user: actorOf(user), session: sessionOf(parts, user, continued) }
}

/** Sets the caller's lasting password; the tokens and sessions from before end. @throws HttpError 401, 403, 422, 429 */
export async function changePassword(
  parts: SignInParts,
  request: {
    readonly caller: Caller
    readonly current: string | undefined
    readonly next: string
    readonly address: string
  },
): Promise<Session> {
  const { users, sessions, limit } = parts
  const { by, id } = request.caller
  const account = by === 'login' ? await users.findById(id) : undefined
  if (account === undefined) {
    throw new HttpError(403, 'This caller has no password here; change it where its token comes from')
  }
  if (account.password_hash !== null && !account.password_once) {
    if (request.current === undefined) {
      throw new HttpError(422, 'Give the current password', {
        details: [{ field: 'current_password', message: 'Needed to replace a lasting password' }],
      })
    }
    const who = { username: account.username, address: request.address }
    const { current } = request
    if (!(await tryPassword(limit, who, () => verifyPassword(current, account.password_hash)))) {
      throw new HttpError(403, 'The current password is wrong')
    }
  }
  const user = await users.setPassword(account.id, await hashPassword(request.next), account.password_hash)
  if (user === undefined) throw new HttpError(409, 'The password was changed meanwhile; log in again')
  await sessions.endAll(user.id)
  return sessionOf(parts, user, await sessions.begin(user.id, request.address))
}
