import { type Clock, systemClock } from '../clock.ts'
import { RepriseError } from '../errors.ts'
import type { Tier, TierRecord } from '../tier.ts'
import { createListing } from './listing.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import { type KeyvLike, type KeyvStore, useStore } from './store.ts'

/** Options of the Keyv tier. */
export interface KeyvTierOptions {
  /** @default 'keyv' */
  readonly name?: string
  /** Whether the store's content outlives the process. @default true, false for a Map */
  readonly durable?: boolean
  /** Milliseconds after which a read is given up. @default 2 000 */
  readonly readDeadline?: number
  /** @default the machine's clock */
  readonly clock?: Clock
}

/**
 * A tier over any storage adapter of Keyv 5, a Keyv that has one, or a Map: MongoDB, MySQL, DynamoDB and the rest (row
 * B1). Records are kept as Keyv itself keeps values. What the store lacks stands in `capabilities`: no adapter promises
 * to write several records together; `remove` reads before it removes; keys can be listed where the adapter has an
 * `iterator`, and a page may then take a walk through the whole store.
 * @throws E_OPTION_INVALID
 */
export function keyvTier(keyv: KeyvLike | KeyvStore, options: KeyvTierOptions = {}): Tier {
  const store = useStore(keyv)
  const { name = 'keyv', durable = !store.isMap, readDeadline = 2_000, clock = systemClock } = options
  const listing = createListing(store, clock)

  async function read(keys: readonly string[]): Promise<readonly (TierRecord | undefined)[]> {
    const different = [...new Set(keys)]
    const values = await store.getMany(different)
    const now = clock.now()
    const found = new Map<string, TierRecord>()
    for (const [index, key] of different.entries()) {
      const record = decodeRecord(key, values[index])
      if (record !== undefined && record.expiresAt > now) found.set(key, record)
    }
    return keys.map((key) => found.get(key))
  }

  function assertLists(what: string): void {
    if (store.iterates) return
    throw new RepriseError(
      'E_TIER_UNSUPPORTED',
      `tier "${name}" cannot ${what}: its store has no iterator; use an adapter that has one, or another tier`,
    )
  }

  return {
    name,
    durable,
    readDeadline,
    capabilities: Object.freeze({ atomicWrite: false, exactRemove: false, list: store.iterates }),
    open: async () => store.open(),
    read,
    async write(records) {
      const now = clock.now()
      // Of two records for one key the last one counts, in whatever order a store writes them.
      const last = new Map(records.map((record) => [record.key, record]))
      const entries = [...last.values()].map((record) => ({
        key: record.key,
        value: encodeRecord(record),
        ...(record.expiresAt === Infinity ? {} : { ttl: Math.max(1, Math.ceil(record.expiresAt - now)) }),
      }))
      await store.setMany(entries)
    },
    async remove(keys) {
      const different = [...new Set(keys)]
      const before = await read(different)
      await store.deleteMany(different)
      // An adapter may fail without a word; what can still be read was not removed.
      const there = different.filter((_, index) => before[index] !== undefined)
      const left = (await read(there)).find((record) => record !== undefined)
      if (left !== undefined) throw new Error(`"${left.key}" is still there after its removal`)
      return there
    },
    async list(prefix, page) {
      assertLists('list keys')
      return listing.list(prefix, page)
    },
    sweep: async (limit) => (store.iterates ? listing.sweep(limit) : 0),
    async usage(prefix) {
      assertLists('tell what it holds')
      return listing.usage(prefix)
    },
    async ping() {
      await store.getMany(['ping'])
    },
    // The store belongs to whoever opened it.
    close: async () => store.close(),
  }
}
