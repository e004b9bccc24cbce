import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Cache, Invalidation } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { type Caller, tenantOf } from '../auth/authenticate.ts'
import { numberCursor, pageOf } from '../http/cursor.ts'
import { askedKey, entryRowOf } from './entry-handlers.ts'
import { HttpError } from '../http/http-error.ts'
import { showDeliveries } from '../invalidation/deliveries.ts'
import type { Invalidations } from '../invalidation/invalidations.ts'
import type { Processes } from '../processes/processes.ts'
import { type InvalidationRow, showRow } from '../invalidation/row.ts'
import { registerRoute } from '../http/register-route.ts'

type Target = Pick<DataOf<Routes['invalidationRead']>['invalidation'], 'keys' | 'tags' | 'spaces'> & {
  readonly tenant?: string | undefined
}

/** Registers invalidation as a service (row A20). */
export function registerInvalidationRoutes(
  app: FastifyInstance,
  parts: { readonly cache: Cache; readonly invalidations: Invalidations; readonly processes: Processes },
): void {
  const { cache, invalidations } = parts

  async function find(id: string, caller: Caller): Promise<InvalidationRow> {
    const row = await invalidations.find(id)
    if (row !== undefined && (caller.tenant === undefined || row.visible_to === caller.tenant)) return row
    throw new HttpError(404, `There is no invalidation ${JSON.stringify(id)}`)
  }

  /** What became of one that was written down: 202 while it waits for what is away. */
  async function outcome(id: string, caller: Caller) {
    await invalidations.run()
    const row = await find(id, caller)
    const waits = row.status === 'pending' || row.status === 'processing'
    return { invalidation: showRow(row), status: waits ? 202 : 200 }
  }

  registerRoute(app, routes.invalidate, async ({ body, caller, audit, idempotencyKey }) => {
    const target = targetOf(cache, body, caller)
    audit.tell({ ...target, dry_run: body.dry_run, reason: body.reason })
    if (body.dry_run) {
      const { entries, bytes, spaces, samples } = await cache.preview(target)
      const shown = { entries, bytes, spaces: Object.fromEntries(spaces), samples: samples.map(entryRowOf) }
      return { data: { dry_run: true, preview: shown, invalidation: null } }
    }
    const id = await invalidations.ask({
      target,
      origin: 'api',
      operator: caller.username,
      reason: body.reason,
      visibleTo: caller.tenant ?? onlyTenant(target),
      idempotencyKey: idempotencyKey === undefined ? undefined : `${caller.id} ${idempotencyKey}`,
    })
    audit.on(id)
    const { invalidation, status } = await outcome(id, caller)
    return { data: { dry_run: false, preview: null, invalidation }, status }
  })
  registerRoute(app, routes.invalidationList, async ({ query, caller }) => {
    const { status, origin, cursor, limit } = query
    const before = numberCursor(cursor)
    const page = { status, origin, before, visibleTo: caller.tenant, limit: limit + 1 }
    const rows = await invalidations.list(page)
    return { data: pageOf(rows, limit, { item: showRow, cursor: ({ place }) => place }) }
  })
  registerRoute(app, routes.invalidationRead, async ({ params, caller }) => ({
    data: { invalidation: showRow(await find(params.invalidation_id, caller)) },
  }))
  registerRoute(app, routes.invalidationDeliveries, async ({ params, caller }) => ({
    data: await showDeliveries(await find(params.invalidation_id, caller), parts),
  }))
  registerRoute(app, routes.invalidationRepeat, async ({ params, caller, audit }) => {
    const row = await find(params.invalidation_id, caller)
    audit.on(row.invalidation_id)
    if (!(await invalidations.retry(row.invalidation_id)))
      throw new HttpError(409, `${row.invalidation_id} has not failed: it is ${row.status}`)
    const { invalidation, status } = await outcome(row.invalidation_id, caller)
    return { data: { invalidation }, status }
  })
}

/** The target with full keys. @throws HttpError 422 where it is empty, 403 where a bound caller reaches beyond the tenant */
function targetOf(cache: Cache, body: Target, caller: Caller): Invalidation {
  const { tags, spaces, tenant } = body
  if (body.keys.length + tags.length + spaces.length === 0 && tenant === undefined) {
    const details = [{ field: 'keys', message: 'Name keys, tags, spaces or a tenant' }]
    throw new HttpError(422, 'Nothing is named that is to disappear', { details })
  }
  if (caller.tenant !== undefined && tags.length + spaces.length > 0) {
    throw new HttpError(
      403,
      `Tags and spaces concern all tenants; ${caller.username} is bound to ${JSON.stringify(caller.tenant)}: name keys or the tenant`,
    )
  }
  // What is wrong is told before anything is written down.
  for (const space of spaces) cache.catalog.find(space)
  const keys = body.keys.map((key) => askedKey(cache, key, caller).key)
  const asked = tenant === undefined ? undefined : tenantOf(caller, tenant)
  return { keys, tags, spaces, ...(asked === undefined ? {} : { tenant: asked }) }
}

/** The tenant, where nothing but a tenant is named. */
function onlyTenant({ keys = [], tags = [], spaces = [], tenant }: Invalidation): string | undefined {
  return keys.length + tags.length + spaces.length === 0 ? tenant : undefined
}
