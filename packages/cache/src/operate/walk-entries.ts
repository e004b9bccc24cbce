// How all entries are walked through, each once, without gathering their keys: place by place, the lowest tier first
// and memory last, and in each place page by page as the place itself has them. An entry is given where it is lowest;
// further up, keys that a place before has are passed over. The cursor names the place, the page and the last key of
// it, so a page that is read again later goes on behind that key, whatever has come and gone meanwhile.
//
// What was there all the time is given once. What comes or goes meanwhile is given once or not at all; a key may come
// twice only where Redis halves its table, or a Cluster moves its slots, between two pages.
import { askTier } from './ask-tier.ts'
import type { Engine } from '../engine.ts'
import { RepriseError, quote } from '../errors.ts'
import { type KnownKey, type Seen, isLiving, lookAt, ownerOf } from './look.ts'
import type { Tier } from '../tier.ts'

/** Where a walk goes on: the place (tiers from the lowest, memory last), its own cursor there, how many keys that page has, and the last key of it that was given. */
interface Cursor {
  readonly place: number
  readonly from?: string
  readonly step: number
  readonly after?: string
}

/** Most keys of a page of a place. */
const longestStep = 1_000

/** One living entry, and the cursor behind it; or, without an entry, how far the walk has come. */
export interface Step {
  readonly seen?: Seen
  /** Absent at the end. */
  readonly cursor?: string
  /** Keys looked at since the step before. */
  readonly keys: number
}

/** What is walked through. */
export interface WalkOptions {
  /** What the keys begin with. */
  readonly prefix: string
  /** Tells by its key, space and parameters whether an entry is asked for. */
  readonly wants: (known: KnownKey) => boolean
  /** Where another walk ended. */
  readonly cursor?: string | undefined
  /** How many entries are looked at together, 1 to 1000. */
  readonly together: number
  /** Keys of a page of a place: many where few of them are wanted. @default 1000 */
  readonly step?: number
}

/** Walks through living entries. @throws E_CURSOR_INVALID, E_TIER_READ, E_TIER_UNSUPPORTED */
export async function* walkEntries(engine: Engine, options: WalkOptions): AsyncGenerator<Step> {
  const { prefix, wants, together, step = longestStep } = options
  // A caller may have had an answer that is not stored yet: what was there before must be given.
  if (options.cursor === undefined) await engine.lanes.settled()
  const places = [...engine.tiers].toReversed()
  let cursor: Cursor | undefined = readCursor(options.cursor, { places: places.length + 1, step })
  while (cursor !== undefined) {
    const here: Cursor = cursor
    const { place, after } = here
    const page = await pageAt(engine, places[place], { prefix, cursor: here })
    const next: Cursor | undefined =
      page.next !== undefined
        ? { place, from: page.next, step }
        : place < places.length
          ? { place: place + 1, step }
          : undefined
    const keys = [...new Set(page.keys)].filter((key) => after === undefined || key > after).toSorted()
    const wanted = keys.flatMap((key) => {
      const known = ownerOf(engine, key)
      return known !== undefined && wants(known) ? [known] : []
    })
    const before = places.slice(0, place).map(({ name }) => name)
    for (let at = 0; at < wanted.length; at += together) {
      for (const seen of await lookAt(engine, wanted.slice(at, at + together))) {
        if (!isHere(seen, before)) continue
        const last = seen.key === wanted.at(-1)?.key
        const behind = last ? next : { ...here, after: seen.key }
        yield { seen, keys: 0, ...(behind === undefined ? {} : { cursor: writeCursor(behind) }) }
      }
    }
    yield { keys: page.keys.length, ...(next === undefined ? {} : { cursor: writeCursor(next) }) }
    cursor = next
  }
}

/** Whether an entry lives, and is in no place that comes before. @throws E_TIER_READ where such a place is away */
function isHere(seen: Seen, before: readonly string[]): boolean {
  const away = seen.tiers.find(({ state }) => state === 'unreachable')
  if (away !== undefined)
    throw new RepriseError('E_TIER_READ', `tier "${away.tier}" could not be asked for ${quote(seen.key)}`)
  return (
    seen.tiers.some(isLiving) &&
    !seen.tiers.some(({ tier, state }) => state !== 'absent' && before.includes(tier))
  )
}

interface KeysPage {
  readonly keys: readonly string[]
  readonly next?: string | undefined
}

async function pageAt(
  engine: Engine,
  tier: Tier | undefined,
  { prefix, cursor: { from, step } }: { prefix: string; cursor: Cursor },
): Promise<KeysPage> {
  if (tier === undefined) {
    const { records, next } = engine.memory.page(Number(from ?? 0), step)
    const keys = records.map(({ key }) => key).filter((key) => key.startsWith(prefix))
    return { keys, next: next === undefined ? undefined : String(next) }
  }
  const { items, cursor } = await scanTier(engine, tier, {
    prefix,
    limit: step,
    ...(from === undefined ? {} : { cursor: from }),
  })
  return { keys: items.map(({ key }) => key), next: cursor }
}

/** A page of the keys of a tier, by the cheapest way it has. @throws E_TIER_READ, E_TIER_UNSUPPORTED */
export async function scanTier(
  engine: Engine,
  tier: Tier,
  { prefix, ...page }: { readonly prefix: string; readonly cursor?: string; readonly limit: number },
): Promise<{
  items: readonly { key: string; bytes: number; expiresAt?: number }[]
  cursor?: string
}> {
  return askTier(engine, tier, async () => tier.scan?.(prefix, page) ?? tier.list(prefix, page))
}

function readCursor(
  text: string | undefined,
  { places, step: first }: { readonly places: number; readonly step: number },
): Cursor {
  if (text === undefined) return { place: 0, step: first }
  try {
    const [place, from, step, after] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (
      isWithin(place, 0, places - 1) &&
      isWithin(step, 1, longestStep) &&
      (from === null || typeof from === 'string') &&
      (after === null || typeof after === 'string') &&
      (place < places - 1 || from === null || /^\d{1,10}$/.test(from))
    )
      return { place, step, ...(from === null ? {} : { from }), ...(after === null ? {} : { after }) }
  } catch {
    // Told below, with what to do.
  }
  throw new RepriseError(
    'E_CURSOR_INVALID',
    `cursor ${quote(text)} was not made by this cache; give the cursor of the page before, or none`,
  )
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}

function writeCursor({ place, from, step, after }: Cursor): string {
  return Buffer.from(JSON.stringify([place, from ?? null, step, after ?? null])).toString('base64url')
}
