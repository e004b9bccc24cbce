import { type Ledger, type LedgerRow, type LedgerSums, ledgerKinds } from '@reprise/ai'
import { routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'
import { tenantOf } from './auth/authenticate.ts'
import { registerRoute } from './register-route.ts'

/** Registers the ledger of model calls; a caller that is bound to a tenant sees the rows of that one. */
export function registerLedgerRoutes(app: FastifyInstance, ledger: Ledger): void {
  registerRoute(app, routes.ledger, ({ caller }) => {
    const { since, prices, rows } = ledger.snapshot()
    const tenant = tenantOf(caller)
    const seen = tenant === undefined ? rows : rows.filter((row) => row.tenant === tenant)
    const data = {
      since: new Date(since).toISOString(),
      prices: [...prices],
      totals: totalsOf(seen),
      rows: seen.map((row) => {
        const { kind, space, provider, model } = row
        return { kind, space, tenant: row.tenant, provider, model, ...shown(row) }
      }),
    }
    return { data }
  })
}

/** Adds the ledger to the figures of Prometheus, by kind; tenants and models are no labels, since there may be any number of them. */
export function addLedgerGauges(metrics: Metrics, ledger: Ledger): void {
  const figures = [
    [
      'reprise_model_calls',
      'Calls of models by what the ledger says of them',
      (sums: LedgerSums) => sums.calls,
    ],
    [
      'reprise_model_tokens',
      'Tokens of these calls, in and out',
      (sums: LedgerSums) => sums.input + sums.output,
    ],
    [
      'reprise_model_cost_dollars',
      'What these calls cost or would have cost',
      (sums: LedgerSums) => sums.cost,
    ],
  ] as const
  for (const [name, help, read] of figures) {
    metrics.gauge({ name, help, label: 'kind' }, () => {
      const { totals } = ledger.snapshot()
      return Object.entries(totals).map(([kind, sums]) => [kind, read(sums)] as const)
    })
  }
}

const none = {
  calls: 0,
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  cost: 0,
  unpriced: 0,
}

function totalsOf(rows: readonly LedgerRow[]) {
  const kinds = Object.keys(ledgerKinds) as (keyof typeof ledgerKinds)[]
  const entries = kinds.map((kind) => {
    const own = rows.filter((row) => row.kind === kind)
    return [kind, shown(own.reduce<LedgerSums>(added, none))] as const
  })
  return Object.fromEntries(entries) as Record<keyof typeof ledgerKinds, ReturnType<typeof shown>>
}

function added(sums: LedgerSums, row: LedgerSums): LedgerSums {
  return {
    calls: sums.calls + row.calls,
    input: sums.input + row.input,
    cacheRead: sums.cacheRead + row.cacheRead,
    cacheWrite: sums.cacheWrite + row.cacheWrite,
    output: sums.output + row.output,
    reasoning: sums.reasoning + row.reasoning,
    cost: sums.cost + row.cost,
    unpriced: sums.unpriced + row.unpriced,
  }
}

function shown(sums: LedgerSums) {
  return {
    calls: sums.calls,
    input_tokens: sums.input,
    cache_read_tokens: sums.cacheRead,
    cache_write_tokens: sums.cacheWrite,
    output_tokens: sums.output,
    reasoning_tokens: sums.reasoning,
    cost: sums.cost,
    unpriced: sums.unpriced,
  }
}
