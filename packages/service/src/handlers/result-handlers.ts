import { type DataOf, type OutputPart, type Routes, routes } from '@reprise/api'
import type {
  InvalidationTarget,
  ResultRecord,
  ResultTypes,
  ResultWithValue,
  Results,
  ShelfFigures,
} from '@reprise/results'
import type { FastifyInstance } from 'fastify'
import { siteFor } from '../auth/caller-site.ts'
import { numberCursor, pageOf } from '../http/cursor.ts'
import { HttpError } from '../http/http-error.ts'
import { registerRoute } from '../http/register-route.ts'

/** What the service does with an application's results; `Results` of any types is one. */
export type OperatedResults = Pick<Results<ResultTypes>, 'forSite' | 'sites' | 'stuck' | 'maintain'>

/** Registers the routes of durable results (rows D1 to D8). */
export function registerResultRoutes(app: FastifyInstance, results: OperatedResults): void {
  registerRoute(app, routes.resultSites, async ({ query: { cursor = '', limit }, caller: { tenant } }) => {
    const found = tenant === undefined ? await results.sites(cursor, limit + 1) : [tenant]
    return { data: pageOf(found, limit, { item: (site) => ({ site }), cursor: (site) => site }) }
  })
  registerRoute(app, routes.resultShelves, async ({ query, caller }) => {
    const site = siteFor(caller, query.site)
    const shelves = await results.forSite(site).shelves()
    return { data: { site, shelves: shelves.map(describeShelf) } }
  })
  registerRoute(app, routes.resultList, async ({ query, caller }) => {
    const { type, target, status, cursor, limit } = query
    const site = results.forSite(siteFor(caller, query.site))
    const asked = { type, target, status, before: numberCursor(cursor), limit: limit + 1 }
    return {
      data: pageOf(await site.list(asked), limit, { item: describeRecord, cursor: ({ id }) => id }),
    }
  })
  registerRoute(app, routes.resultHistory, async ({ query, caller }) => {
    const { type, target, limit, as_of: asOf } = query
    const site = results.forSite(siteFor(caller, query.site))
    const items = await site.getHistory(type, target, { limit, ...(asOf === undefined ? {} : { asOf }) })
    return { data: { items: items.map(describeWithValue) } }
  })
  registerRoute(app, routes.resultRead, async ({ params: { id }, query, caller }) => {
    const found = await results.forSite(siteFor(caller, query.site)).read(id)
    if (found === null) throw new HttpError(404, `There is no result ${id} at this site`)
    return { data: describeWithValue(found) }
  })
  registerRoute(app, routes.resultInvalidate, async ({ body, caller, audit }) => {
    const site = results.forSite(siteFor(caller, body.site))
    const { reason } = body
    const note = { by: caller.username, ...(reason === undefined ? {} : { reason }) }
    const done = await site.invalidate(targetOf(body), note)
    audit.tell(done)
    return { data: done }
  })
  registerRoute(app, routes.resultTrim, async ({ body: { site, type }, caller, audit }) => {
    const removed = await results.forSite(siteFor(caller, site)).trim(type)
    audit.tell({ removed })
    return { data: { removed } }
  })
}

/** What to invalidate; the schema has seen to it that exactly one thing is named. */
function targetOf(body: OutputPart<Routes['resultInvalidate'], 'body'>): InvalidationTarget {
  const { type, target, id, tag, model, prompt_version: promptVersion, source } = body
  const named = { type, target, id, tag, model, promptVersion, source }
  return Object.fromEntries(
    Object.entries(named).filter(([, value]) => value !== undefined),
  ) as unknown as InvalidationTarget
}

function describeShelf(shelf: ShelfFigures): DataOf<Routes['resultShelves']>['shelves'][number] {
  const { type, results, stuck, oldestAt, newestAt, kept, surplus } = shelf
  return {
    type,
    results: { ...results },
    total: Object.values(results).reduce((sum, count) => sum + count, 0),
    stuck,
    oldest_at: oldestAt,
    newest_at: newestAt,
    declared: kept !== undefined,
    keep: kept?.keep ?? null,
    keep_seconds: kept === undefined || kept.keepFor === Infinity ? null : kept.keepFor / 1_000,
    surplus,
  }
}

function describeRecord(record: ResultRecord): DataOf<Routes['resultList']>['items'][number] {
  const { derivation, invalidated } = record
  return {
    id: record.id,
    site: record.site,
    type: record.type,
    target: record.target,
    number: record.number,
    status: record.status,
    score: record.score,
    model: derivation.model ?? 'unknown',
    strategy: derivation.strategy ?? 'unknown',
    rank: derivation.rank ?? null,
    cost: derivation.cost ?? null,
    prompt_version: derivation.promptVersion ?? null,
    inputs_digest: derivation.inputsDigest ?? null,
    sources: [...(derivation.sources ?? [])],
    tags: [...record.tags],
    input_tokens: derivation.tokens?.input ?? null,
    output_tokens: derivation.tokens?.output ?? null,
    triggered_by: record.triggeredBy,
    created_at: record.createdAt,
    finished_at: record.finishedAt,
    upgraded_at: record.upgradedAt,
    expires_at: record.expiresAt,
    holder: record.holder,
    lease_until: record.leaseUntil,
    failure: record.failure,
    abandoned: record.abandoned,
    invalidated_at: invalidated?.at ?? null,
    invalidated_by: invalidated?.by ?? null,
    reason: invalidated?.reason ?? null,
  }
}

function describeWithValue(result: ResultWithValue): DataOf<Routes['resultRead']> {
  return { ...describeRecord(result), value: result.value as DataOf<Routes['resultRead']>['value'] }
}
