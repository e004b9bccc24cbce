import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import type { FastifyInstance } from 'fastify'
import type { RecordChange, UserAdministration } from '../auth/administration.ts'
import type { ApiTokenRow, ApiTokens } from '../auth/api-tokens.ts'
import { tenantOf } from '../auth/authenticate.ts'
import type { UserRow } from '../auth/users.ts'
import { HttpError } from '../http/http-error.ts'
import type { RequestAudit } from '../operations/request-audit.ts'
import { pageOf } from '../http/page.ts'
import { registerRoute } from '../http/register-route.ts'

const day = 86_400_000

/** What the administration of users and tokens works with. */
export interface UserParts {
  readonly administration: UserAdministration
  readonly apiTokens: ApiTokens
  readonly database: Database
  readonly now: () => number
}

/** Registers the administration of users and of tokens of programs (row B3). */
export function registerUserRoutes(app: FastifyInstance, parts: UserParts): void {
  registerUsers(app, parts.administration)
  registerApiTokens(app, parts)
}

function registerUsers(app: FastifyInstance, administration: UserAdministration): void {
  registerRoute(app, routes.users, async ({ query: { cursor, limit, tenant }, caller }) => {
    const page = { after: cursor, tenant: tenantOf(caller, tenant), limit: limit + 1 }
    return { data: pageOf((await administration.list(page)).map(describe), limit, ({ id }) => id) }
  })
  registerRoute(app, routes.userCreate, async ({ body, caller, audit }) => {
    const tenant = tenantOf(caller, body.tenant) ?? null
    const { user, password } = await administration.create({ ...body, tenant }, recordBy(audit))
    return { data: { user: describe(user), one_time_password: password } }
  })
  registerRoute(app, routes.userChange, async ({ params, body, caller, audit }) => {
    // Who is bound may leave the tenant out, or give its own; letting a user see all tenants is not its to do.
    if (caller.tenant !== undefined && body.tenant === null) tenantOf(caller, '')
    else tenantOf(caller, body.tenant ?? undefined)
    const about = { id: params.user_id, tenant: caller.tenant, record: recordBy(audit) }
    return { data: { user: describe(await administration.change(about, body)) } }
  })
  registerRoute(app, routes.userPassword, async ({ params, caller, audit }) => {
    const about = { id: params.user_id, tenant: tenantOf(caller), record: recordBy(audit) }
    const { user, password } = await administration.resetPassword(about)
    return { data: { user: describe(user), one_time_password: password } }
  })
  registerRoute(app, routes.userSessionsEnd, async ({ params, caller, audit }) => {
    const about = { id: params.user_id, tenant: tenantOf(caller), record: recordBy(audit) }
    return { data: { user: describe(await administration.endSessions(about)) } }
  })
  registerRoute(app, routes.userRemove, async ({ params, caller, audit }) => {
    const about = { id: params.user_id, tenant: tenantOf(caller), record: recordBy(audit) }
    return { data: { user: describe(await administration.remove(about)) } }
  })
}

function registerApiTokens(app: FastifyInstance, { apiTokens, database, now }: UserParts): void {
  registerRoute(app, routes.apiTokens, async ({ query: { cursor, limit }, caller }) => {
    const rows = await apiTokens.list({ after: cursor, tenant: tenantOf(caller), limit: limit + 1 })
    return { data: pageOf(rows.map(describeToken), limit, ({ id }) => id) }
  })
  registerRoute(app, routes.apiTokenCreate, async ({ body, caller, audit }) => {
    const { name, role, days } = body
    const tenant = tenantOf(caller, body.tenant) ?? null
    const facts = {
      name,
      role,
      tenant,
      created_by: caller.username,
      expires_at: new Date(now() + days * day),
    }
    const made = await database.transaction(async (transaction) => {
      const created = await apiTokens.create(facts, transaction)
      if (created === undefined) throw new HttpError(409, `There is a token ${JSON.stringify(name)} already`)
      audit.on(name)
      await audit.record(transaction)
      return created
    })
    return { data: { api_token: describeToken(made.row), token: made.token } }
  })
  registerRoute(app, routes.apiTokenRemove, async ({ params: { token_id: id }, caller, audit }) => {
    const row = await database.transaction(async (transaction) => {
      const removed = await apiTokens.remove(id, tenantOf(caller), transaction)
      if (removed === undefined) throw new HttpError(404, `There is no token ${id}`)
      audit.on(removed.name)
      await audit.record(transaction)
      return removed
    })
    return { data: { api_token: describeToken(row) } }
  })
}

function recordBy(audit: RequestAudit): RecordChange {
  return async ({ username, role, is_active, tenant }, transaction) => {
    audit.on(username)
    audit.tell({ role, is_active, tenant })
    await audit.record(transaction)
  }
}

function describe(row: UserRow): DataOf<Routes['userChange']>['user'] {
  const { id, username, role, tenant, is_active, password_once, created_at, last_login_at } = row
  return {
    id,
    username,
    role,
    tenant,
    is_active,
    must_change_password: password_once,
    created_at: created_at.toISOString(),
    last_login_at: last_login_at?.toISOString() ?? null,
  }
}

function describeToken(row: ApiTokenRow): DataOf<Routes['apiTokenRemove']>['api_token'] {
  const { id, name, role, tenant, created_by, created_at, expires_at, last_used_at } = row
  return {
    id,
    name,
    role,
    tenant,
    created_by,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
  }
}
