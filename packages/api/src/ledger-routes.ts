import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant } from './text-fields.ts'

const amount = z.number().nonnegative()

/** What an entry of the ledger says: the first four are the bill, the others what was saved. */
export const ledgerKind = z.enum([
  'spent',
  'refreshed',
  'upgraded',
  'wasted',
  'avoided',
  'similar',
  'coalesced',
])

/** Sums of calls of models; money in US dollars. */
export const ledgerSums = z.strictObject({
  calls: count,
  input_tokens: count,
  cache_read_tokens: count.describe('Of the input: what the provider had in its own prompt cache'),
  cache_write_tokens: count.describe('Of the input: what the provider put into it'),
  output_tokens: count,
  reasoning_tokens: count.describe('Of the output'),
  cost: amount,
  unpriced: count.describe('Calls whose cost is not known and not in it'),
})

/** The ledger of model calls (row F8); there where the application keeps one. */
export const ledgerRoutes = {
  ledger: {
    id: 'ledger',
    method: 'GET',
    path: '/api/v1/ledger',
    summary: 'What this process spent on models and what it saved, by kind, space, tenant and model',
    role: 'viewer',
    tag: 'ledger',
    tenantBound: true,
    data: z.strictObject({
      since: instant,
      prices: z.array(z.strictObject({ version: z.string(), source: z.string() })),
      totals: z.record(ledgerKind, ledgerSums),
      rows: z.array(
        ledgerSums.extend({
          kind: ledgerKind,
          space: z.string(),
          tenant: z.string(),
          provider: z.string(),
          model: z.string(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>
