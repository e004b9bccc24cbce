import { askTier } from './ask-tier.ts'
import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, assertOpen, lives } from '../engine.ts'
import { freshness } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'
import type { KeyPage, PageOptions } from '../handle.ts'
import { revive } from '../read/revive.ts'

/** Where a page ended: which place was being listed (tiers from the lowest, memory last) and its own cursor. */
interface Cursor {
  readonly place: number
  readonly after?: string
}

function readCursor(text: string | undefined, places: number): Cursor {
  if (text === undefined) return { place: 0 }
  try {
    const [place, after] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (
      Number.isInteger(place) &&
      (place as number) >= 0 &&
      (place as number) < places &&
      (after === null || typeof after === 'string')
    ) {
      return { place: place as number, ...(after === null ? {} : { after }) }
    }
  } catch {
    // Told below, with what to do.
  }
  throw new RepriseError(
    'E_CURSOR_INVALID',
    `cursor ${quote(text)} was not made by this cache; give the cursor of the page before, or none`,
  )
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.place, cursor.after ?? null])).toString('base64url')
}

/** Keys of the living entries of a space: those of the lowest tier first, then those that only upper ones have. */
export async function listKeys(engine: Engine, space: BoundSpace, options: PageOptions): Promise<KeyPage> {
  assertOpen(engine)
  const { limit = 100 } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw new RepriseError('E_OPTION_INVALID', `limit is ${quote(limit)}: give a whole number from 1 to 1000`)
  }
  const places = [...engine.tiers].toReversed()
  let cursor: Cursor | undefined = readCursor(options.cursor, places.length + 1)
  const keys: KeyPage['keys'][number][] = []
  const prefix = listPrefix(engine, space)
  while (cursor !== undefined && keys.length < limit) {
    const { place, after }: Cursor = cursor
    const tier = places[place]
    const want = limit - keys.length
    const page: { found: readonly string[]; after?: string } =
      tier === undefined
        ? memoryPage(engine, prefix, { want, after })
        : await askTier(engine, tier, async () =>
            tier.list(prefix, { limit: want, ...(after === undefined ? {} : { cursor: after }) }),
          ).then((listed) => ({
            found: listed.items.map(({ key }) => key),
            ...(listed.cursor === undefined ? {} : { after: listed.cursor }),
          }))
    for (const key of page.found) {
      const params = space.keys.parse(key)
      if (params === undefined || !(await isFresh(engine, { space, key, params }, places.slice(0, place))))
        continue
      keys.push({ key, params })
    }
    if (page.after !== undefined) cursor = { place, after: page.after }
    else cursor = tier === undefined ? undefined : { place: place + 1 }
  }
  return { keys, ...(cursor === undefined ? {} : { cursor: writeCursor(cursor) }) }
}

/** What all keys of a space start with. */
function listPrefix(engine: Engine, space: BoundSpace): string {
  const fixed = space.keys.template.split('{')[0] ?? ''
  return `${engine.catalog.prefix}:${fixed}`
}

function memoryPage(
  engine: Engine,
  prefix: string,
  { want, after }: { want: number; after: string | undefined },
): { found: readonly string[]; after?: string } {
  const found: string[] = []
  for (const record of engine.memory.records()) {
    if (record.key.startsWith(prefix) && (after === undefined || record.key > after)) found.push(record.key)
  }
  found.sort()
  const page = found.slice(0, want)
  const last = page.at(-1)
  return { found: page, ...(found.length > want && last !== undefined ? { after: last } : {}) }
}

/** Whether a key has a fresh value and none of the places listed before had it. */
async function isFresh(
  engine: Engine,
  target: Parameters<typeof revive>[1],
  listed: readonly Engine['tiers'][number][],
): Promise<boolean> {
  const now = engine.clock.now()
  for (const tier of listed)
    if ((await askTier(engine, tier, async () => tier.read([target.key])))[0] !== undefined) return false
  const record = engine.memory.look(target.key)
  if (record !== undefined)
    return lives(engine, record) && freshness(record.entry.freshUntil, now, target.space.settings) === 'fresh'
  for (const tier of engine.tiers) {
    const [stored] = await askTier(engine, tier, async () => tier.read([target.key]))
    const entry =
      stored === undefined ? undefined : await revive(engine, target, { tier: tier.name, record: stored })
    if (entry !== undefined) return freshness(entry.freshUntil, now, target.space.settings) === 'fresh'
  }
  return false
}
