import {
  type Ledger,
  type LedgerKind,
  type LedgerSnapshot,
  type LedgerSums,
  mergeSnapshots,
} from '@reprise/ai'
import { routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics.ts'
import { tenantOf } from '../auth/authenticate.ts'
import { registerRoute } from '../http/register-route.ts'

/** Registers the ledger of model calls; a caller that is bound to a tenant sees the rows of that one. */
export function registerLedgerRoutes(app: FastifyInstance, ledger: Ledger): void {
  registerRoute(app, routes.ledger, ({ caller }) => {
    const { since, prices, rows, totals } = snapshotFor(ledger, tenantOf(caller))
    const data = {
      since: new Date(since).toISOString(),
      prices: [...prices],
      totals: totalsOf(totals),
      rows: rows.map((row) => {
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

/** What a tenant may see of a ledger: the rows of its own, and their sums. */
function snapshotFor(ledger: Ledger, tenant: string | undefined): LedgerSnapshot {
  const whole = ledger.snapshot()
  if (tenant === undefined) return whole
  return mergeSnapshots([{ ...whole, rows: whole.rows.filter((row) => row.tenant === tenant) }])
}

function totalsOf(totals: LedgerSnapshot['totals']) {
  const entries = Object.entries(totals).map(([kind, sums]) => [kind, shown(sums)] as const)
  return Object.fromEntries(entries) as Record<LedgerKind, ReturnType<typeof shown>>
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
