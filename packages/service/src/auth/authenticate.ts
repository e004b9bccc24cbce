import { type Role, roles } from '@reprise/api'
import { HttpError } from '../http-error.ts'
import type { Tokens } from './tokens.ts'
import type { UserRole, UserRow, Users } from './users.ts'

/** Who makes a request. */
export interface Caller {
  readonly id: string
  readonly username: string
  readonly role: UserRole
  /** The only tenant that the caller sees and changes; absent for one who sees all. */
  readonly tenant?: string
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
      const { sub: id, username, role, tenant } = claims
      return { id, username, role, ...(tenant === undefined ? {} : { tenant }) }
    }
    const account = await users.findById(claims.sub)
    if (account === undefined) throw refused('User not found')
    if (!account.is_active) throw refused('User is inactive')
    if (account.token_version !== claims.version) throw refused('Invalid token')
    const { id, username, role, tenant } = account
    return { id, username, role, ...(tenant === null ? {} : { tenant }), account }
  }
}

/** @throws HttpError 403 when a caller's role is below the one needed */
export function requireRole(caller: Caller, role: Role): void {
  if (roles.indexOf(caller.role) >= roles.indexOf(role)) return
  throw new HttpError(403, `This needs the role ${role}; ${caller.username} is ${caller.role}`)
}

/** @throws HttpError 403 when a caller is bound to a tenant */
export function requireUnbound(caller: Caller): void {
  if (caller.tenant === undefined) return
  throw new HttpError(
    403,
    `This concerns all tenants; ${caller.username} is bound to ${JSON.stringify(caller.tenant)}`,
  )
}

/**
 * The tenant that a request is about: that of a bound caller, whatever it asked for, else the one `asked` for, else
 * undefined for all. Every handler of a route with `tenantBound` reads and changes only what this tenant has.
 * @throws HttpError 403 when a bound caller asks for another tenant
 */
export function tenantOf(caller: Caller, asked?: string): string | undefined {
  if (caller.tenant === undefined) return asked
  if (asked === undefined || asked === caller.tenant) return caller.tenant
  const own = JSON.stringify(caller.tenant)
  throw new HttpError(403, `${caller.username} is bound to the tenant ${own}: leave the tenant out`)
}

function refused(message: string): HttpError {
  return new HttpError(401, message, { headers: { 'www-authenticate': 'Bearer' } })
}
