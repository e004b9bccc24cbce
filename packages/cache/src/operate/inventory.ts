import { askTier } from './ask-tier.ts'
import { countEntries } from './counts.ts'
import { type Engine, assertOpen } from '../engine.ts'
import { RepriseError, quote } from '../errors.ts'
import { giveWay } from './give-way.ts'
import { itemOf } from './list.ts'
import type { EntryItem, EntryPage, EntryPageOptions } from './operate.ts'
import type { Tier, TierItem } from '../tier.ts'
import { walkEntries } from './walk-entries.ts'

const pageOfTier = 1_000

/** Every record of a tier under a prefix, page by page. */
export async function* walk(engine: Engine, tier: Tier, prefix: string): AsyncGenerator<readonly TierItem[]> {
  let cursor: string | undefined
  do {
    const from = cursor
    const page = await askTier(engine, tier, async () =>
      tier.list(prefix, { limit: pageOfTier, ...(from === undefined ? {} : { cursor: from }) }),
    )
    yield page.items
    cursor = page.cursor
    if (cursor !== undefined) await giveWay()
  } while (cursor !== undefined)
}

/** Living entries of all spaces, or of one, a page at a time, in the order of `walkEntries`. @throws E_OPTION_INVALID, E_SPACE_UNKNOWN */
export async function listEntries(engine: Engine, options: EntryPageOptions): Promise<EntryPage> {
  assertOpen(engine)
  const { page = 1, pageSize = 20, space } = options
  if (!Number.isInteger(page) || page < 1)
    throw new RepriseError('E_OPTION_INVALID', `page is ${quote(page)}: give a whole number from 1`)
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1_000) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `pageSize is ${quote(pageSize)}: give a whole number from 1 to 1000`,
    )
  }
  const owner = space === undefined ? undefined : engine.catalog.find(space)
  const { entries, spaces } = await countEntries(engine)
  const total = space === undefined ? entries : (spaces.get(space)?.entries ?? 0)
  let skip = (page - 1) * pageSize
  const items: EntryItem[] = []
  if (page > 1 && skip >= total) return { items, total, page, pageSize }
  const entriesOf = walkEntries(engine, {
    prefix: owner?.keys.head ?? `${engine.catalog.prefix}:`,
    wants: (known) => owner === undefined || known.space === owner,
    together: Math.max(pageSize, 100),
  })
  for await (const { seen } of entriesOf) {
    if (seen === undefined) continue
    skip -= 1
    if (skip < 0) items.push(itemOf(seen))
    if (items.length === pageSize) break
  }
  return { items, total, page, pageSize }
}
