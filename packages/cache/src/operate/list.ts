import type { BoundSpace } from '../key/catalog.ts'
import { type Engine, assertOpen } from '../engine.ts'
import { RepriseError, quote } from '../errors.ts'
import type { KeyPage, PageOptions } from '../handle.ts'
import { type KnownKey, type Seen, isLiving } from './look.ts'
import type { EntryItem, EntryListing, ListOptions } from './operate.ts'
import { walkEntries } from './walk-entries.ts'

/** Keys looked at for one page: a page of rare entries ends after so many, with a cursor to go on with. */
const mostKeys = 10_000

/** Keys of the living entries of a space: those of the lowest tier first, then those that only upper ones have. */
export async function listKeys(engine: Engine, space: BoundSpace, options: PageOptions): Promise<KeyPage> {
  assertOpen(engine)
  const limit = checkLimit(options.limit ?? 100)
  const keys: KeyPage['keys'][number][] = []
  const walk = walkEntries(engine, {
    prefix: space.keys.head,
    wants: (known) => known.space === space,
    cursor: options.cursor,
    together: limit,
  })
  for await (const { seen, cursor } of walk) {
    if (seen !== undefined && stateOf(seen) === 'fresh') keys.push({ key: seen.key, params: seen.params })
    if (keys.length === limit && cursor !== undefined) return { keys, cursor }
  }
  return { keys }
}

/**
 * Living entries that a filter lets through, a page at a time. A page may be short, even empty, and go on: only a page
 * without a cursor is the last. @throws E_OPTION_INVALID, E_SPACE_UNKNOWN, E_CURSOR_INVALID, E_TIER_READ
 */
export async function listPage(engine: Engine, options: ListOptions): Promise<EntryListing> {
  assertOpen(engine)
  const limit = checkLimit(options.limit ?? 50)
  const space = options.space === undefined ? undefined : engine.catalog.find(options.space)
  const { tag } = options
  const spaces = (space === undefined ? engine.catalog.spaces : [space]).filter((one) =>
    mayHave(one, options),
  )
  if (spaces.length === 0) return { items: [] }
  const items: EntryItem[] = []
  let keys = 0
  const walk = walkEntries(engine, {
    prefix: spaces.map(({ keys: { head } }) => head).reduce(commonStart),
    wants: wantsOf(options, spaces),
    cursor: options.cursor,
    together: limit,
    step:
      space === undefined && options.params === undefined && tag === undefined ? Math.max(limit, 100) : 1_000,
  })
  for await (const step of walk) {
    keys += step.keys
    if (step.seen !== undefined && (tag === undefined || tagsOf(step.seen).includes(tag)))
      items.push(itemOf(step.seen))
    if ((items.length === limit || keys >= mostKeys) && step.cursor !== undefined)
      return { items, cursor: step.cursor }
  }
  return { items }
}

/** @throws E_OPTION_INVALID */
function checkLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit
  throw new RepriseError('E_OPTION_INVALID', `limit is ${quote(limit)}: give a whole number from 1 to 1000`)
}

/** Whether a space can have entries that a filter lets through: its keys name what the filter is about. */
function mayHave({ space, keys }: BoundSpace, { params = {}, tenant }: ListOptions): boolean {
  return (
    (tenant === undefined || space.tenant !== undefined) &&
    Object.keys(params).every((name) => keys.names.includes(name))
  )
}

/** What two texts begin with. */
function commonStart(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}

function wantsOf(
  { params = {}, tenant }: ListOptions,
  spaces: readonly BoundSpace[],
): (known: KnownKey) => boolean {
  const patterns = Object.entries(params).map(([name, pattern]) => [name, matcherOf(pattern)] as const)
  return (known) =>
    spaces.includes(known.space) &&
    (tenant === undefined || tenantOf(known) === tenant) &&
    patterns.every(([name, matches]) => {
      const value = known.params[name]
      return value !== undefined && matches(value)
    })
}

/** Tells whether a text is as a pattern says, in which `*` stands for any text. */
function matcherOf(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop() ?? ''
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail))
      return false
    let at = head.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0 || found + part.length > text.length - tail.length) return false
      at = found + part.length
    }
    return true
  }
}

/** The tenant of a key; undefined in a space whose keys name none. */
export function tenantOf({ space, params }: KnownKey): string | undefined {
  const { tenant } = space.space
  return tenant === undefined ? undefined : params[tenant]
}

/** The tags of what lives. */
export function tagsOf({ tiers }: Seen): readonly string[] {
  return tiers.find(isLiving)?.tags ?? []
}

function stateOf({ tiers }: Seen): EntryItem['state'] {
  return (tiers.find(isLiving)?.state ?? 'unreadable') as EntryItem['state']
}

/** An entry as listings show it. */
export function itemOf(seen: Seen): EntryItem {
  const { key, space, params, tiers, entry, hits, lastReadAt } = seen
  return {
    key,
    space: space.name,
    params,
    state: stateOf(seen),
    tiers: tiers.filter(isLiving).map(({ tier }) => tier),
    bytes: seen.bytes,
    createdAt: entry?.createdAt ?? 0,
    freshUntil: entry?.freshUntil ?? 0,
    hits,
    ...(lastReadAt === undefined ? {} : { lastReadAt }),
    tags: tagsOf(seen),
    meta: entry?.meta ?? {},
  }
}
