import { type Cache, type Provenance, onEvent } from '@reprise/cache'
import type { Ledger, LedgerKind } from './ledger.ts'

/**
 * Enters what the cache's own races paid for: better answers that took the place of good ones as `upgraded`, those that came to
 * nothing as `wasted`, with the cost that their strategies told by `meta({ model, cost })`. Returns what stops it.
 */
export function watchUpgrades(ledger: Pick<Ledger, 'record'>, cache: Cache): () => void {
  function enter(kind: LedgerKind, key: string, meta: Provenance): void {
    const found = cache.catalog.parse(key)
    if (found === undefined) return
    const { tenant = '', model = 'unknown' } = found.params
    ledger.record({
      kind,
      space: found.space.name,
      tenant,
      provider: meta.strategy ?? 'unknown',
      model: meta.model ?? model,
      cost: meta.cost,
    })
  }
  const stops = [
    onEvent('entry-upgraded', ({ key, to }) => enter('upgraded', key, to)),
    onEvent('upgrade-refused', ({ key, meta }) => enter('wasted', key, meta)),
  ]
  return () => stops.forEach((stop) => stop())
}
