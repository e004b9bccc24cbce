import { askTier } from './ask-tier.ts'
import { decode } from '../entry/codec.ts'
import { type Engine, assertOpen, lives, offsetOf } from '../engine.ts'
import { isDeadRecord } from './dead-record.ts'
import type { Entry } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'
import { isOver } from '../memory/memory.ts'
import type { EntryItem, EntryPage, EntryPageOptions, TierReport } from './operate.ts'
import type { Tier, TierItem } from '../tier.ts'

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
  } while (cursor !== undefined)
}

interface Seen {
  readonly item: TierItem
  readonly tiers: string[]
}

/** What every tier holds of the catalog, or of one space, by key. */
async function gather(engine: Engine, space: string | undefined): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>()
  const add = (tier: string, item: TierItem): void => {
    const owner = engine.catalog.parse(item.key)
    if (owner === undefined || (space !== undefined && owner.space.name !== space)) return
    const present = seen.get(item.key)
    if (present === undefined) seen.set(item.key, { item, tiers: [tier] })
    else present.tiers.push(tier)
  }
  const now = engine.clock.now()
  for (const record of engine.memory.records()) {
    if (isOver(record, now) || !lives(engine, record)) continue
    const { createdAt, freshUntil, bytes } = record.entry
    add('memory', { key: record.key, bytes, createdAt, expiresAt: freshUntil })
  }
  for (const tier of engine.tiers) {
    for await (const items of walk(engine, tier, `${engine.catalog.prefix}:`))
      for (const item of await livingOf(engine, tier, items)) add(tier.name, item)
  }
  return seen
}

/** Items that no mark has killed; where there are no marks, all. */
async function livingOf(
  engine: Engine,
  tier: Tier,
  items: readonly TierItem[],
): Promise<readonly TierItem[]> {
  if (engine.order.marks === 0 || items.length === 0) return items
  const records = await askTier(engine, tier, async () => tier.read(items.map(({ key }) => key)))
  return items.filter(({ key }, index) => {
    const record = records[index]
    return record !== undefined && !isDeadRecord(engine, key, record)
  })
}

/** Living entries of all spaces, or of one, a page at a time, by key. @throws E_OPTION_INVALID, E_SPACE_UNKNOWN */
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
  if (space !== undefined) engine.catalog.find(space)
  const seen = await gather(engine, space)
  const keys = [...seen.keys()].toSorted().slice((page - 1) * pageSize, page * pageSize)
  const items = await Promise.all(keys.map(async (key) => describe(engine, key, seen.get(key) as Seen)))
  return { items, total: seen.size, page, pageSize }
}

async function describe(engine: Engine, key: string, { item, tiers }: Seen): Promise<EntryItem> {
  const owner = engine.catalog.parse(key) as NonNullable<ReturnType<Engine['catalog']['parse']>>
  const record = engine.memory.look(key)
  const entry = record?.entry ?? (await entryBelow(engine, key, tiers))
  return {
    key,
    space: owner.space.name,
    params: owner.params,
    tiers,
    bytes: entry?.bytes ?? item.bytes,
    createdAt: item.createdAt,
    freshUntil: entry?.freshUntil ?? item.expiresAt,
    hits: record?.hits ?? 0,
    ...(record === undefined || record.lastReadAt === 0 ? {} : { lastReadAt: record.lastReadAt }),
    meta: entry?.meta ?? {},
  }
}

async function entryBelow(engine: Engine, key: string, tiers: readonly string[]): Promise<Entry | undefined> {
  const tier = engine.tiers.find(({ name }) => tiers.includes(name))
  const [record] = tier === undefined ? [] : await askTier(engine, tier, async () => tier.read([key]))
  const entry =
    record === undefined
      ? undefined
      : decode(key, record, {
          now: engine.order.latest(),
          offset: offsetOf(engine),
          codec: engine.codec,
          text: engine.catalog.parse(key)?.space.settings.text === true,
        })
  return typeof entry === 'object' ? entry : undefined
}

/** Each tier, what it holds of this catalog and whether it can be reached (row B1). */
export async function reportTiers(engine: Engine): Promise<readonly TierReport[]> {
  const { entries, bytes, maxBytes } = engine.memory
  const below = engine.tiers.map(async (tier): Promise<TierReport> => {
    const { name, durable } = tier
    try {
      await askTier(engine, tier, async () => tier.ping())
      if (tier.capabilities?.list === false)
        return { name, reachable: true, durable, counted: false, entries: 0, bytes: 0 }
      const usage = await askTier(engine, tier, async () => tier.usage(`${engine.catalog.prefix}:`))
      return { name, reachable: true, durable, ...usage }
    } catch (error) {
      return {
        name,
        reachable: false,
        durable,
        entries: 0,
        bytes: 0,
        error: error instanceof Error ? error.message : String(error),
      }
    }
  })
  return [
    { name: 'memory', reachable: true, durable: false, entries, bytes, maxBytes },
    ...(await Promise.all(below)),
  ]
}
