import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Cache, EntryItem, Explanation, Inspection, ListOptions, TierExplanation } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { type Caller, tenantOf } from '../auth/authenticate.ts'
import { HttpError } from '../http/http-error.ts'
import { sharedInTurn } from '../http/in-turn.ts'
import { registerRoute } from '../http/register-route.ts'

/** A key that was asked for, and where it belongs. */
interface Asked {
  readonly key: string
  readonly owner: NonNullable<ReturnType<Cache['catalog']['parse']>>
}

/** Registers the routes of entries over a cache. */
export function registerEntryRoutes(app: FastifyInstance, cache: Cache): void {
  const list = sharedInTurn(async (filter: string) => listEntries(cache, JSON.parse(filter)))
  const read = sharedInTurn(async (key: string) => readEntry(cache, key))
  const explain = sharedInTurn(async (key: string) => explanationOf(await cache.inspect(key)))

  registerRoute(app, routes.entryList, async ({ query, caller }) => {
    const { space, tag, cursor, limit } = query
    const tenant = tenantOf(caller, query.tenant)
    const params = query.params === undefined ? undefined : readParams(query.params)
    return {
      data: await list(JSON.stringify({ space, tag, tenant, params, cursor, limit })),
      shared: true,
    }
  })
  registerRoute(app, routes.entryRead, async ({ query, caller }) => {
    const { data, inspection } = await read(askedKey(cache, query.key, caller).key)
    if (data.found) return { data, shared: true }
    if (query.default === undefined) throw missing(inspection)
    return { data: { ...data, value: readDefault(query.default) } }
  })
  registerRoute(app, routes.entryExplain, async ({ query, caller }) => ({
    data: await explain(askedKey(cache, query.key, caller).key),
    shared: true,
  }))
  registerRoute(app, routes.entryWrite, async ({ query, body, caller, audit }) => {
    const { key, owner } = askedKey(cache, query.key, caller)
    const { value, ttl_seconds: ttl, tags, model, strategy } = body
    const options = {
      ...(ttl === undefined ? {} : { ttl: ttl * 1_000 }),
      ...(tags === undefined ? {} : { tags }),
      meta: { ...(model === undefined ? {} : { model }), ...(strategy === undefined ? {} : { strategy }) },
    }
    audit.on(key)
    await cache.open(owner.space.space).set(owner.params as never, value, options)
    const { entry } = await cache.inspect(key)
    return { data: { key, space: owner.space.name, kept: entry !== undefined } }
  })
  registerRoute(app, routes.entryDelete, async ({ query, caller, audit }) => {
    const { key, owner } = askedKey(cache, query.key, caller)
    audit.on(key)
    const deleted = await cache.open(owner.space.space).delete(owner.params as never)
    return { data: { key, space: owner.space.name, deleted } }
  })
}

/** The full key of what was asked for. @throws HttpError 404 for a key of no space, 403 for one of another tenant */
export function askedKey(cache: Cache, text: string, caller: Caller): Asked {
  const { catalog } = cache
  for (const key of [text, `${catalog.prefix}:${text}`]) {
    const owner = catalog.parse(key)
    if (owner === undefined) continue
    const { tenant } = owner.space.space
    if (caller.tenant !== undefined && (tenant === undefined || owner.params[tenant] !== caller.tenant)) {
      const own = JSON.stringify(caller.tenant)
      throw new HttpError(403, `${caller.username} is bound to the tenant ${own}, which ${key} is not of`)
    }
    return { key, owner }
  }
  throw new HttpError(
    404,
    `No space of the catalog "${catalog.prefix}" has keys like ${JSON.stringify(text.slice(0, 200))}: GET /api/v1/spaces lists their templates`,
    { code: 'E_KEY_UNKNOWN' },
  )
}

async function listEntries(cache: Cache, filter: ListOptions): Promise<DataOf<Routes['entryList']>> {
  const { items, cursor = null } = await cache.list(filter)
  return { items: items.map(entryRowOf), next_cursor: cursor }
}

/** What is answered for a key, and what it was made of. */
async function readEntry(
  cache: Cache,
  key: string,
): Promise<{ readonly data: DataOf<Routes['entryRead']>; readonly inspection: Inspection }> {
  const inspection = await cache.inspect(key)
  const explanation = explanationOf(inspection)
  const { entry, space } = inspection
  if (entry === undefined) {
    return { inspection, data: { found: false, value: null, hidden: false, entry: null, explanation } }
  }
  const { value, version, loadTime } = entry
  const hidden = cache.catalog.find(space).space.secret
  const shown = { ...entryRowOf(entry), version, load_seconds: loadTime / 1_000 }
  return {
    inspection,
    data: { found: true, value: hidden ? null : value, hidden, entry: shown, explanation },
  }
}

function missing({ key, space, explanation: { tiers, onRead } }: Inspection): HttpError {
  const states = tiers.map(({ tier, state }) => `${tier}: ${state}`).join(', ')
  return new HttpError(404, `There is no entry ${key} of the space "${space}" (${states}). ${onRead}`)
}

/** Parameters by name. @throws HttpError 422 */
function readParams(text: string): Readonly<Record<string, string>> {
  const params: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === '' || Object.hasOwn(params, name)) {
      throw new HttpError(422, `params: give each parameter once with a value, such as user_id=42`, {
        details: [{ field: 'params', message: `"${name.slice(0, 50)}" is empty or named twice` }],
      })
    }
    params[name] = value
  }
  return params
}

function readDefault(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const details = [{ field: 'default', message: 'Give JSON, such as 0, "text" or {}' }]
    throw new HttpError(422, 'default is not JSON', { details, cause })
  }
}

const instantOf = (time: number): string | null =>
  Number.isFinite(time) && time > 0 ? new Date(time).toISOString() : null

/** An entry as the API shows it. */
export function entryRowOf(item: EntryItem): DataOf<Routes['entryList']>['items'][number] {
  const { key, space, params, state, tiers, bytes, hits, lastReadAt = 0, tags, meta } = item
  return {
    key,
    space,
    params: { ...params },
    state,
    tiers: [...tiers],
    bytes,
    created_at: instantOf(item.createdAt),
    expires_at: instantOf(item.freshUntil),
    hits,
    last_read_at: instantOf(lastReadAt),
    tags: [...tags],
    model: meta.model ?? null,
    strategy: meta.strategy ?? null,
    rank: meta.rank ?? null,
    cost: meta.cost ?? null,
  }
}

function tierStateOf({ tier, state, ageMs, leftMs, bytes, tags, mark }: TierExplanation) {
  return {
    tier,
    state,
    age_seconds: ageMs === undefined ? null : ageMs / 1_000,
    left_seconds: leftMs === undefined || leftMs === Infinity ? null : leftMs / 1_000,
    bytes: bytes ?? null,
    tags: [...(tags ?? [])],
    mark: mark ?? null,
  }
}

function explanationOf({ key, space, params, explanation }: Inspection): DataOf<Routes['entryExplain']> {
  const { tiers, flight, lease, failure, onRead }: Explanation = explanation
  return {
    key,
    space,
    params: { ...params },
    sentence: onRead,
    tiers: tiers.map(tierStateOf),
    load:
      flight === undefined
        ? null
        : { started_at: new Date(flight.startedAt).toISOString(), callers: flight.callers },
    lease:
      lease === undefined
        ? null
        : { holder: lease.holder, own: lease.own, left_seconds: lease.leftMs / 1_000 },
    failure: failure === undefined ? null : { ...failure, until: new Date(failure.until).toISOString() },
  }
}
