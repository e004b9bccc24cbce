import type { Codec } from '../codec/codec.ts'
import type { Catalog } from '../key/catalog.ts'
import { decode } from '../entry/codec.ts'
import type { Shared, SharedKey } from './shared.ts'
import type { Tier, TierItem } from '../tier.ts'

/** A shared store as maintenance sees it: listings, figures and removals, outside the reads and writes of the protocol. */
export function sharedTier(shared: Shared, catalog: Catalog, codec: Codec): Tier {
  const withFormat = (keys: readonly string[]): SharedKey[] =>
    keys.map((key) => ({ key, format: catalog.parse(key)?.space.settings.format ?? 'entry' }))
  const readSizes = async (keys: readonly string[]): Promise<readonly number[]> =>
    keys.length === 0
      ? []
      : (await shared.read(withFormat(keys))).records.map((record) => record?.body.length ?? 0)
  const readOnly = async (): Promise<never> => {
    throw new TypeError('a shared store is written under leases only')
  }
  return {
    name: shared.name,
    durable: true,
    readDeadline: Infinity,
    open: async () => {},
    read: async (keys) => (await shared.read(withFormat(keys))).records,
    write: readOnly,
    async remove(keys) {
      const { records } = await shared.read(withFormat(keys))
      await shared.remove(withFormat(keys))
      return keys.filter((_, index) => records[index] !== undefined)
    },
    async list(prefix, page) {
      const { keys, cursor } = await shared.list(prefix, page)
      const { records } = keys.length === 0 ? { records: [] } : await shared.read(withFormat(keys))
      const items = keys.flatMap((key, index): TierItem[] => {
        const record = records[index]
        if (record === undefined) return []
        const text = catalog.parse(key)?.space.settings.text === true
        const entry = decode(key, record, { now: { era: '', n: 0 }, offset: shared.offset(), codec, text })
        const { createdAt, freshUntil } =
          typeof entry === 'string' ? { createdAt: 0, freshUntil: record.expiresAt } : entry
        return [{ key, bytes: record.body.length, createdAt, expiresAt: freshUntil }]
      })
      return { items, ...(cursor === undefined ? {} : { cursor }) }
    },
    async scan(prefix, page) {
      const { keys, cursor } = await shared.list(prefix, page)
      const sizes = shared.sizes === undefined ? await readSizes(keys) : await shared.sizes(keys)
      const items = keys.map((key, index) => ({ key, bytes: sizes[index] ?? 0 }))
      return { items, ...(cursor === undefined ? {} : { cursor }) }
    },
    // The store removes what has expired itself.
    sweep: async () => 0,
    usage: async (prefix) => shared.usage(prefix),
    ping: async () => shared.ping(),
    close: async () => {},
  }
}
