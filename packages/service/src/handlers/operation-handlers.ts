import { Readable } from 'node:stream'
import { type DataOf, type OutputPart, type Routes, routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { type Caller, tenantOf } from '../auth/authenticate.ts'
import { HttpError } from '../http/http-error.ts'
import { csvOf } from '../operations/csv.ts'
import type { OperationRow } from '../operations/operation.ts'
import type { Operations } from '../operations/operations.ts'
import type { OperationCounts, OperationFilter } from '../operations/read-operations.ts'
import { pageOf } from '../http/page.ts'
import { registerRoute } from '../http/register-route.ts'

type Filter = OutputPart<Routes['operationStatistics'], 'query'>

/** Registers the operation log (row B9); rows can be pruned when they are `keep` milliseconds old. */
export function registerOperationRoutes(
  app: FastifyInstance,
  operations: Operations,
  options: { readonly now: () => number; readonly keep: number },
): void {
  registerRoute(app, routes.operations, async ({ query: { cursor, limit, ...filter }, caller }) => {
    const before = cursor === undefined ? undefined : Number(cursor)
    const rows = await operations.newest(filterOf(filter, caller), { before, limit: limit + 1 })
    return { data: pageOf(rows.map(describe), limit, ({ position }) => String(position)) }
  })
  registerRoute(app, routes.operation, async ({ params: { position }, caller }) => {
    const row = await operations.get(position)
    const tenant = tenantOf(caller)
    if (row === undefined || (tenant !== undefined && row.tenant !== tenant)) {
      throw new HttpError(404, `There is no operation ${position}`)
    }
    return { data: { operation: describe(row) } }
  })
  registerRoute(app, routes.operationStatistics, async ({ query, caller }) => ({
    data: describeCounts(await operations.count(filterOf(query, caller))),
  }))
  registerRoute(app, routes.operationExport, ({ query, caller }) => ({
    data: Readable.from(csvOf(operations.all(filterOf(query, caller)))),
  }))
  registerRoute(app, routes.operationVerify, async ({ query: { position, hash } }) => {
    const witness = position === undefined || hash === undefined ? undefined : { position, hash }
    const verdict = await operations.verify(witness)
    const { intact, rows } = verdict
    if (verdict.intact) return { data: { intact, rows, ...verdict.end, reason: null } }
    const { reason } = verdict
    return { data: { intact, rows, position: verdict.position, hash: null, reason } }
  })
  registerRoute(app, routes.operationPrune, async ({ query: { through, hash }, audit }) => ({
    data: await operations.prune({
      mark: { position: through, hash },
      before: new Date(options.now() - options.keep),
      record: async (pruned, transaction) => {
        audit.tell(pruned)
        await audit.record(transaction)
      },
    }),
  }))
}

function filterOf({ from, to, ...rest }: Filter, caller: Caller): OperationFilter {
  const date = (text: string | undefined): Date | undefined =>
    text === undefined ? undefined : new Date(text)
  return { ...rest, from: date(from), to: date(to), tenant: tenantOf(caller) }
}

function describe({ at, details, ...row }: OperationRow): DataOf<Routes['operation']>['operation'] {
  return {
    ...row,
    at: at.toISOString(),
    details: details as DataOf<Routes['operation']>['operation']['details'],
  }
}

function describeCounts({ type, hour, result }: OperationCounts): DataOf<Routes['operationStatistics']> {
  const { done = 0, failed = 0, refused = 0 } = result
  const total = done + failed + refused
  const hours = Array.from({ length: 24 }, (_, index) => String(index).padStart(2, '0'))
  return {
    total,
    success_rate: total === 0 ? 1 : done / total,
    by_type: Object.entries(type).map(([name, count]) => ({ type: name, count })),
    by_hour: hours.map((name) => ({ hour: `${name}:00`, count: hour[name] ?? 0 })),
    by_result: { done, failed, refused },
  }
}
