import { type Engine, assertOpen } from '../engine.ts'
import type { Provenance } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'
import { type Explanation, explain } from './explain.ts'
import { itemOf } from './list.ts'
import { isLiving, ownerOf } from './look.ts'
import type { EntryItem } from './operate.ts'

/** What a key is, and what it has. Times are milliseconds since 1970. */
export interface Inspection {
  readonly key: string
  readonly space: string
  readonly params: Readonly<Record<string, string>>
  readonly explanation: Explanation
  /** The entry of the nearest tier that has one; absent where none has, or where this process cannot read it. */
  readonly entry?: EntryItem & {
    /** As it is stored, whatever its schema says today. */
    readonly value: unknown
    readonly meta: Provenance
    /** How long its load took, in milliseconds; 0 for a value that was set. */
    readonly loadTime: number
    /** A name of this very write; `foreign` for what another program wrote. */
    readonly version: string
  }
}

/** What a full key is and has; nothing is counted as a read. @throws E_KEY_UNKNOWN */
export async function inspect(engine: Engine, key: string): Promise<Inspection> {
  assertOpen(engine)
  const known = ownerOf(engine, key)
  if (known === undefined) {
    throw new RepriseError(
      'E_KEY_UNKNOWN',
      `key ${quote(key)} belongs to no space of the catalog "${engine.catalog.prefix}"`,
    )
  }
  const { explanation, seen } = await explain(engine, known)
  const { entry } = seen
  const named = { key, space: known.space.name, params: known.params, explanation }
  if (entry === undefined || !seen.tiers.some(isLiving)) return named
  const { value, loadTime, version } = entry
  return { ...named, entry: { ...itemOf(seen), value, loadTime, version } }
}
