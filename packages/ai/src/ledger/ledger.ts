/**
 * What was spent on models and what was not (row F8). Every call is entered once: what was paid as `spent`, `refreshed`,
 * `upgraded` or `wasted`, and what a caller got without paying as `avoided`, `similar` or `coalesced`. So the first four are
 * the bill, and all together are what the same callers would have paid without a cache. Money is counted with the prices of
 * the moment; a model without prices is counted in tokens and in `unpriced`, and never guessed.
 */
import { AiError } from '../errors.ts'
import { type PriceTable, batchCostOf, costOf } from './price-table.ts'
import { type TokenUsage, noTokens } from './usage.ts'

/** Every kind of entry, with what it says. */
export const ledgerKinds = Object.freeze({
  spent: 'Paid: there was no answer',
  refreshed: 'Paid: there was an older answer, and a newer one was wanted',
  upgraded: 'Paid: a better answer took the place of a good one',
  wasted: 'Paid, and nobody had anything of it: it failed, or all had left and it was not kept',
  avoided: 'Not paid: the answer was kept. Counted as what the call that made it had cost',
  similar: 'Not paid: an answer to a like question was kept. Counted as what that one had cost',
  coalesced: 'Not paid: somebody else asked the same at the same time',
})

/** A kind of entry. */
export type LedgerKind = keyof typeof ledgerKinds

/** One call, or several of one kind. */
export interface LedgerEntry {
  readonly kind: LedgerKind
  readonly space: string
  readonly tenant: string
  readonly provider: string
  readonly model: string
  /** Of all the calls together; undefined when nobody knows. */
  readonly usage?: TokenUsage | undefined
  /** Whether the calls were part of a batch of the provider, which has prices of its own. @default false */
  readonly batch?: boolean
  /** Images that all the calls together made, where they are billed by the piece and not by their tokens. @default 0 */
  readonly images?: number
  /** US dollars, where they are known otherwise. @default from the price table */
  readonly cost?: number | undefined
  /** @default 1 */
  readonly calls?: number
}

/** Sums of calls, tokens and US dollars. */
export interface LedgerSums extends TokenUsage {
  readonly calls: number
  readonly cost: number
  /** Calls whose cost is not known and not in `cost`. */
  readonly unpriced: number
}

/** The sums of one kind in one space, of one tenant and one model. */
export interface LedgerRow extends LedgerSums {
  readonly kind: LedgerKind
  readonly space: string
  readonly tenant: string
  readonly provider: string
  readonly model: string
}

/** Everything that a ledger counted: plain JSON, so that processes can send it to each other. */
export interface LedgerSnapshot {
  /** When counting began, milliseconds since 1970. */
  readonly since: number
  readonly prices: readonly { readonly version: string; readonly source: string }[]
  readonly rows: readonly LedgerRow[]
  readonly totals: Readonly<Record<LedgerKind, LedgerSums>>
}

/** Counts what was spent and what was saved. */
export interface Ledger {
  /** Enters calls and returns their cost in US dollars, undefined when it is not known. Never throws. */
  record(entry: LedgerEntry): number | undefined
  snapshot(): LedgerSnapshot
  /** Hears of every entry with its cost; what it throws is ignored. Returns what stops it. */
  onRecord(listener: (entry: LedgerEntry) => void): () => void
}

/** What a ledger takes. */
export interface LedgerOptions {
  /** @default no prices: tokens are counted, money is not */
  readonly prices?: PriceTable
  /** Most rows, at least 1; tenants that come later are counted together as `(others)`. @default 10 000 */
  readonly maxRows?: number
  /** @default Date.now */
  readonly now?: () => number
}

const others = '(others)'

/** An empty ledger. @throws E_CALL_OPTION */
export function createLedger(options: LedgerOptions = {}): Ledger {
  const { prices, maxRows = 10_000, now = Date.now } = options
  if (!(maxRows >= 1)) throw new AiError('E_CALL_OPTION', `maxRows is ${maxRows}; give at least 1`)
  const since = now()
  const rows = new Map<string, CountedRow>()
  const listeners = new Set<(entry: LedgerEntry) => void>()

  return {
    record(entry) {
      const { calls = 1, usage } = entry
      const cost = entry.cost ?? (prices === undefined ? undefined : listedCost(prices, entry))
      // Member by member: to spread one object into the middle of another takes longer than all the rest here.
      const { input, cacheRead, cacheWrite, output, reasoning } = usage ?? noTokens
      const unpriced = cost === undefined ? calls : 0
      const sums = { input, cacheRead, cacheWrite, output, reasoning, calls, cost: cost ?? 0, unpriced }
      const full = rows.size >= maxRows && !rows.has(nameOf(entry))
      add(rows, full ? { ...entry, tenant: others } : entry, sums)
      for (const listener of listeners) {
        try {
          listener({ ...entry, cost })
        } catch {
          // A listener must not break the call that it hears of.
        }
      }
      return cost
    },
    snapshot: () =>
      snapshotOf(
        rows,
        since,
        prices === undefined ? [] : [{ version: prices.version, source: prices.source }],
      ),
    onRecord(listener) {
      const own = (entry: LedgerEntry): void => listener(entry)
      listeners.add(own)
      return () => listeners.delete(own)
    },
  }
}

/** What the tokens and images of an entry cost; undefined where the price of either is not known, or what was used. */
function listedCost(prices: PriceTable, entry: LedgerEntry): number | undefined {
  const { provider, model, usage, images = 0, batch = false } = entry
  // Images of a batch have no listed price.
  const image = images === 0 ? 0 : batch ? undefined : prices.imagePriceOf(provider, model)
  if (image === undefined) return undefined
  if (images > 0 && Object.values(usage ?? noTokens).every((tokens) => tokens === 0)) return images * image
  const listed = prices.pricesOf(provider, model)
  if (listed === undefined || usage === undefined) return undefined
  const tokens = batch ? batchCostOf(listed, usage) : costOf(listed, usage)
  return tokens === undefined ? undefined : tokens + images * image
}

/** One snapshot of the snapshots of several processes. */
export function mergeSnapshots(snapshots: readonly LedgerSnapshot[]): LedgerSnapshot {
  const rows = new Map<string, CountedRow>()
  for (const snapshot of snapshots) for (const row of snapshot.rows) add(rows, row, sumsOf(row))
  const prices = new Map(
    snapshots.flatMap((one) => one.prices).map((one) => [`${one.version} ${one.source}`, one]),
  )
  return snapshotOf(rows, Math.min(...snapshots.map(({ since }) => since)), [...prices.values()])
}

function snapshotOf(
  rows: ReadonlyMap<string, LedgerRow>,
  since: number,
  prices: LedgerSnapshot['prices'],
): LedgerSnapshot {
  const totals = Object.fromEntries(
    Object.keys(ledgerKinds).map((kind) => {
      const total = { ...noTokens, calls: 0, cost: 0, unpriced: 0 }
      for (const row of rows.values()) if (row.kind === kind) addSums(total, row)
      return [kind, total]
    }),
  ) as Record<LedgerKind, LedgerSums>
  return { since, prices, rows: [...rows.values()].map((row) => ({ ...row })), totals }
}

function namesOf({ kind, space, tenant, provider, model }: LedgerEntry): Omit<LedgerRow, keyof LedgerSums> {
  return { kind, space, tenant, provider, model }
}

/** Each name in a frame of its length, so that no two rows are one. */
function nameOf({ kind, space, tenant, provider, model }: LedgerEntry): string {
  return `${kind} ${space.length} ${space} ${tenant.length} ${tenant} ${provider.length} ${provider} ${model}`
}

function sumsOf(row: LedgerRow): LedgerSums {
  const { kind: _kind, space: _space, tenant: _tenant, provider: _provider, model: _model, ...sums } = row
  return sums
}

/** Adds sums to the row of some names. */
function add(rows: Map<string, CountedRow>, names: LedgerEntry, sums: LedgerSums): void {
  const name = nameOf(names)
  const before = rows.get(name)
  if (before === undefined) rows.set(name, { ...namesOf(names), ...sums })
  else addSums(before, sums)
}

function addSums(total: Writable<LedgerSums>, more: LedgerSums): void {
  total.calls += more.calls
  total.input += more.input
  total.cacheRead += more.cacheRead
  total.cacheWrite += more.cacheWrite
  total.output += more.output
  total.reasoning += more.reasoning
  total.cost += more.cost
  total.unpriced += more.unpriced
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] }
/** A row that is being counted. */
type CountedRow = Writable<LedgerRow>
