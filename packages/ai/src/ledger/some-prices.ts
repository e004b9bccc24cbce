import { readFileSync } from 'node:fs'
import { type PriceTable, readPrices } from './price-table.ts'

/**
 * Prices of some models, as LiteLLM had them late in 2025: a start, which says its version and source in every snapshot. Load
 * a newer file with `readPrices`. `aliases` are names of the table by names of your own.
 */
export function somePrices(aliases: Readonly<Record<string, string>> = {}): PriceTable {
  const text = readFileSync(new URL('./prices.json', import.meta.url), 'utf8')
  const { version, source, models } = JSON.parse(text) as { version: string; source: string; models: object }
  return readPrices(models, { version, source, aliases })
}
