import { type Role, roles } from '@reprise/api'
import { HttpError } from '../http-error.ts'
import type { Tokens } from './tokens.ts'
import type { UserRole, UserRow, Users } from './users.ts'

/** Who makes a request. */
export interface Caller {
  readonly id: string
  readonly username: string
  readonly role: UserRole
  /** The row of the users table; absent for a caller that another issuer vouches for. */
  readonly account?: UserRow
}

/** Finds the caller of an authorization header. @throws HttpError 401 as row B3 names the reasons */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>

/** Makes the function that finds callers; a user is looked up at every request, so shutting one out works at once. */
export function createAuthenticate(tokens: Tokens, users: Users): Authenticate {
  return async (authorization) => {
    if (authorization === undefined || authorization === '') throw refused('No authorization header')
    const token = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)$/i.exec(authorization)?.[1]
    if (token === undefined) throw refused('Invalid authorization format')
    const claims = await tokens.verify(token)
    if (claims === undefined) throw refused('Invalid token')
    if (claims.issuer === 'jwks') {
      return { id: claims.sub, username: claims.username, role: claims.role }
    }
    const account = await users.findById(claims.sub)
    if (account === undefined) throw refused('User not found')
    if (!account.is_active) throw refused('User is inactive')
    if (account.token_version !== claims.version) throw refused('Invalid token')
    return { id: account.id, username: account.username, role: account.role, account }
  }
}

/** @throws HttpError 403 when a caller's role is below the one needed */
export function requireRole(caller: Caller, role: Role): void {
  if (roles.indexOf(caller.role) >= roles.indexOf(role)) return
  throw new HttpError(403, `This needs the role ${role}; ${caller.username} is ${caller.role}`)
}

function refused(message: string): HttpError {
  return new HttpError(401, message, { headers: { 'www-authenticate': 'Bearer' } })
}
