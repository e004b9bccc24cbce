/**
 * Listings over a store that can only be walked from end to end, in no order. A walk keeps the smallest keys after
 * the cursor, more of them than one page asks for, so that the pages that follow need no walk of their own. A page
 * may so name keys that are gone meanwhile, and keys that came meanwhile may be missing.
 */
import type { Clock } from '../clock.ts'
import type { TierItem, TierRecord, TierUsage } from '../tier.ts'
import { decodeRecord } from './record.ts'
import type { Store } from './store.ts'

/** Items kept of one walk, and for how long they may be used, in milliseconds. */
const ahead = { items: 10_000, milliseconds: 30_000 }
/** Pairs that one sweep looks at. */
const mostLooks = 1_000

/** What a store that can be walked can do. */
export interface Listing {
  list(
    prefix: string,
    page: { cursor?: string; limit: number },
  ): Promise<{ items: readonly TierItem[]; cursor?: string }>
  usage(prefix: string): Promise<TierUsage>
  sweep(limit: number): Promise<number>
}

const bytesOf = ({ body }: TierRecord): number =>
  typeof body === 'string' ? Buffer.byteLength(body) : body.length

/** The listing of a store. */
export function createListing(store: Store, clock: Clock): Listing {
  let kept:
    | {
        readonly prefix: string
        readonly madeAt: number
        readonly items: TierItem[]
        readonly whole: boolean
      }
    | undefined
  let walking: AsyncGenerator<readonly [string, unknown]> | undefined

  /** Living records under a prefix, each once. */
  async function* living(prefix: string, after: string): AsyncGenerator<TierItem> {
    for await (const [key, value] of store.iterate()) {
      if (key <= after || !key.startsWith(prefix)) continue
      const record = decodeRecord(key, value)
      if (record === undefined || record.expiresAt <= clock.now()) continue
      yield { key, bytes: bytesOf(record), createdAt: record.createdAt, expiresAt: record.expiresAt }
    }
  }

  async function walk(prefix: string, after: string, limit: number): Promise<NonNullable<typeof kept>> {
    const most = Math.max(ahead.items, limit)
    const found = new Map<string, TierItem>()
    let whole = true
    const trim = (): void => {
      if (found.size <= most) return
      whole = false
      const over = [...found.keys()].toSorted().slice(most)
      for (const key of over) found.delete(key)
    }
    for await (const item of living(prefix, after)) {
      found.set(item.key, item)
      if (found.size >= most * 2) trim()
    }
    trim()
    const items = [...found.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
    return { prefix, madeAt: clock.now(), items, whole }
  }

  return {
    async list(prefix, { cursor = '', limit }) {
      const now = clock.now()
      const place = kept?.items.findIndex(({ key }) => key === cursor) ?? -1
      const usable = kept !== undefined && cursor !== '' && place >= 0 && kept.prefix === prefix
      const rest = kept === undefined ? 0 : kept.items.length - place - 1
      const fits =
        usable && now - (kept?.madeAt ?? 0) < ahead.milliseconds && (kept?.whole === true || rest >= limit)
      const from = fits ? place + 1 : 0
      if (!fits) kept = await walk(prefix, cursor, limit)
      const { items, whole } = kept as NonNullable<typeof kept>
      const page = items.slice(from, from + limit)
      const last = page.at(-1)
      const more = last !== undefined && (from + page.length < items.length || !whole)
      return {
        items: page.filter(({ expiresAt }) => expiresAt > now),
        ...(more ? { cursor: last.key } : {}),
      }
    },
    async usage(prefix) {
      const sizes = new Map<string, number>()
      for await (const { key, bytes } of living(prefix, '')) sizes.set(key, bytes)
      return { entries: sizes.size, bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) }
    },
    async sweep(limit) {
      const passed = new Set<string>()
      walking ??= store.iterate()
      try {
        for (let looked = 0; looked < mostLooks && passed.size < limit; looked += 1) {
          const next = await walking.next()
          if (next.done === true) {
            walking = undefined
            break
          }
          const [key, value] = next.value
          const record = decodeRecord(key, value)
          if (record !== undefined && record.expiresAt <= clock.now()) passed.add(key)
        }
      } catch (error) {
        walking = undefined
        throw error
      }
      // Written again since the walk passed it: it stays.
      const dead = [...passed]
      const found = dead.length === 0 ? [] : await store.getMany(dead)
      const still = dead.filter((key, index) => {
        const record = decodeRecord(key, found[index])
        return record !== undefined && record.expiresAt <= clock.now()
      })
      if (still.length > 0) await store.deleteMany(still)
      return still.length
    },
  }
}
