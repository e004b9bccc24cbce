import type { Ttl } from '../duration.ts'
import { within } from '../deadline.ts'
import { type Engine, allTags, assertOpen, countersOf } from '../engine.ts'
import { type Entry, type Position, freshness } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import type { WriteOptions } from '../handle.ts'
import { invalidateKeys } from './invalidate.ts'
import { itself, lookUp } from '../read/read.ts'
import type { Target } from '../read/revive.ts'
import { type Store, makeNewEntry, putAll, putMemory } from './store.ts'
import type { Ticket } from './ticket.ts'
import { touchShared, writeShared } from './write-shared.ts'
import { type Kept, keepValue } from '../entry/value.ts'

/** One value to write. */
export interface Write {
  readonly target: Target
  readonly value: unknown
}

/** Writes one value as `setAll` does; where memory is all there is, without a wait, since most of its cost would be in promises. */
export async function setOne(engine: Engine, write: Write, options: WriteOptions): Promise<void> {
  if (engine.cluster !== undefined || engine.tiers.length > 0) return setAll(engine, [write], options)
  assertWritable(engine, options)
  const { target, value } = write
  const asOf = engine.order.latest()
  const ticket = engine.tickets.take(target.key, 'write')
  try {
    const checked = keepValue(target.space, value)
    const kept = checked instanceof Promise ? await checked : checked
    const entry = entryOf(engine, { target, kept, asOf }, options)
    countersOf(engine, target.space).sets += 1
    if (ticket.broken) return
    if (entry === undefined) return void (await invalidateKeys(engine, [target.key]))
    engine.failures.forget(target.key)
    putMemory(engine, [{ target, entry, ticket }])
  } finally {
    engine.tickets.release(ticket)
  }
}

/** @throws E_CACHE_CLOSED, E_TTL_INVALID */
function assertWritable(engine: Engine, options: WriteOptions): void {
  assertOpen(engine)
  if ('ttl' in options && (options.ttl === undefined || options.ttl === null)) {
    throw new RepriseError(
      'E_TTL_INVALID',
      `ttl is ${String(options.ttl)}: leave the option out to use the TTL of the space`,
    )
  }
}

/**
 * Writes values to every tier: all are checked before the first is written, loads under way on their keys are
 * cut off, and the last of several writes of one key wins everywhere. A TTL that says "do not keep" removes.
 */
export async function setAll(engine: Engine, writes: readonly Write[], options: WriteOptions): Promise<void> {
  assertWritable(engine, options)
  const asOf = engine.order.latest()
  // Taken at the call, so that of two writes the one that was called later wins, however long their checks take.
  const latest = new Map(writes.map((write) => [write.target.key, write]))
  const held = [...latest.values()].map((write) => ({
    ...write,
    ticket: engine.tickets.take(write.target.key, 'write'),
  }))
  try {
    const made = await Promise.all(held.map(async (write) => make(engine, { ...write, asOf }, options)))
    for (const { target } of made) countersOf(engine, target.space).sets += 1
    const due = made.filter(({ ticket }) => !ticket.broken)
    const dropped = due.filter(({ entry }) => entry === undefined).map(({ target }) => target.key)
    const stores = due.flatMap(({ target, entry, ticket }): Store[] =>
      entry === undefined ? [] : [{ target, entry, ticket }],
    )
    await Promise.all([
      put(engine, stores),
      dropped.length === 0 ? undefined : invalidateKeys(engine, dropped),
    ])
  } finally {
    for (const { ticket } of held) engine.tickets.release(ticket)
  }
}

interface Held extends Write {
  readonly ticket: Ticket
  readonly asOf: Position
}

async function make(
  engine: Engine,
  held: Held,
  options: WriteOptions,
): Promise<Held & { entry: Entry | undefined }> {
  const kept = await keepValue(held.target.space, held.value)
  return { ...held, entry: entryOf(engine, { ...held, kept }, options) }
}

function entryOf(
  engine: Engine,
  { target, kept, asOf }: { readonly target: Target; readonly kept: Kept; readonly asOf: Position },
  options: WriteOptions,
): Entry | undefined {
  const tags = allTags(target.space, target.params, options.tags ?? [])
  const ttl = options.ttl === undefined ? {} : { ttl: options.ttl }
  return makeNewEntry(engine, target, kept, { asOf, tags, meta: options.meta ?? {}, loadTime: 0, ...ttl })
}

function lateWrite(engine: Engine, stores: readonly Store[]): Error {
  return new RepriseError(
    'E_TIER_WRITE',
    `the write of "${stores[0]?.target.key}" was not confirmed within ${engine.writeDeadline} ms: what the tiers hold is unknown; set or delete again`,
  )
}

async function put(engine: Engine, stores: readonly Store[]): Promise<void> {
  if (stores.length === 0) return
  for (const { target } of stores) engine.failures.forget(target.key)
  try {
    const written =
      engine.cluster === undefined ? putAll(engine, stores) : writeShared(engine, engine.cluster, stores)
    await within(engine.clock, written, {
      deadline: engine.writeDeadline,
      late: () => lateWrite(engine, stores),
    })
  } catch (error) {
    for (const { target, entry } of stores) {
      if (engine.memory.look(target.key)?.entry.version === entry.version) engine.memory.remove(target.key)
    }
    throw error
  }
}

/** Gives a fresh entry a new life from now, keeping its value, position and tags. */
export async function touch(engine: Engine, target: Target, ttl?: Ttl): Promise<boolean> {
  assertOpen(engine)
  const ticket = engine.tickets.take(target.key)
  try {
    if (engine.cluster !== undefined) return await touchShared(engine, engine.cluster, { target, ttl })
    const found = await lookUp(engine, target, itself)
    if (found === undefined || ticket.broken) return false
    if (freshness(found.entry.freshUntil, engine.clock.now(), target.space.settings) !== 'fresh') return false
    const { value, bytes, asOf, tags, meta, loadTime } = found.entry
    const entry = makeNewEntry(
      engine,
      target,
      { value, bytes },
      { asOf, tags, meta, loadTime, ...(ttl === undefined ? {} : { ttl }) },
    )
    if (entry === undefined) await invalidateKeys(engine, [target.key])
    else await putAll(engine, [{ target, entry, ticket }])
    return true
  } finally {
    engine.tickets.release(ticket)
  }
}
