import { type Role, roles } from '@reprise/api'
import { HttpError } from '../http/http-error.ts'
import { type ApiTokens, apiTokenPattern } from './api-tokens.ts'
import type { KnownUsers } from './known-users.ts'
import type { Tokens } from './tokens.ts'
import type { UserRole } from './users.ts'

/** Who makes a request. */
export interface Caller {
  readonly id: string
  readonly username: string
  readonly role: UserRole
  /** The only tenant that the caller sees and changes; absent for one who sees all. */
  readonly tenant?: string
  /** Who vouches for it: this service's login, another issuer, or an API token of this service. */
  readonly by: 'login' | 'issuer' | 'api token'
  /** The session that its token belongs to. */
  readonly session?: string
}

/** Finds the caller of an authorization header. @throws HttpError 401 as row B3 names the reasons */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>

/** Where callers are looked up, at every request, so that shutting one out works at once. */
export interface CallerSources {
  readonly tokens: Tokens
  readonly known: KnownUsers
  readonly apiTokens: ApiTokens
}

/** Makes the function that finds callers. */
export function createAuthenticate({ tokens, known, apiTokens }: CallerSources): Authenticate {
  return async (authorization) => {
    if (authorization === undefined || authorization === '') throw refused('No authorization header')
    const token = /^Bearer +(.+)$/i.exec(authorization)?.[1] ?? ''
    if (apiTokenPattern.test(token)) {
      const found = await apiTokens.find(token)
      if (found === undefined) throw refused('Invalid token')
      const { id, name, role, tenant } = found
      return { id, username: `token:${name}`, role, ...bound(tenant), by: 'api token' }
    }
    if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(token)) {
      throw refused('Invalid authorization format')
    }
    const claims = await tokens.verify(token)
    if (claims === undefined) throw refused('Invalid token')
    if (claims.issuer === 'jwks') {
      const { sub: id, username, role, tenant = null } = claims
      return { id, username, role, ...bound(tenant), by: 'issuer' }
    }
    const user = await known.find(claims.sub)
    if (user === undefined) throw refused('User not found')
    if (!user.is_active) throw refused('User is inactive')
    if (user.token_version !== claims.version) throw refused('Invalid token')
    const { session } = claims
    if (session !== undefined && !user.sessions.includes(session)) throw refused('This session has ended')
    const { id, username, role, tenant } = user
    const caller = { id, username, role, ...bound(tenant), by: 'login' } as const
    return session === undefined ? caller : { ...caller, session }
  }
}

function bound(tenant: string | null): { readonly tenant?: string } {
  return tenant === null ? {} : { tenant }
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
