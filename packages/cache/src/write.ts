import type { Ttl } from './duration.ts'
import { type Engine, allTags, assertOpen, countersOf } from './engine.ts'
import { type Entry, freshness } from './entry.ts'
import { RepriseError } from './errors.ts'
import type { WriteOptions } from './handle.ts'
import { invalidateKeys } from './invalidate.ts'
import { lookUp } from './read.ts'
import type { Target } from './revive.ts'
import { type Store, makeNewEntry, putAll } from './store.ts'
import { touchShared, writeShared } from './write-shared.ts'
import { keepValue } from './value.ts'

/** One value to write. */
export interface Write {
  readonly target: Target
  readonly value: unknown
}

/**
 * Writes values to every tier: all are checked before the first is written, loads under way on their keys are
 * cut off, and the last of several writes of one key wins everywhere. A TTL that says "do not keep" removes.
 */
export async function setAll(engine: Engine, writes: readonly Write[], options: WriteOptions): Promise<void> {
  assertOpen(engine)
  if ('ttl' in options && options.ttl === undefined) {
    throw new RepriseError(
      'E_TTL_INVALID',
      'ttl is undefined: leave the option out to use the TTL of the space',
    )
  }
  const asOf = engine.order.latest()
  const latest = new Map(writes.map((write) => [write.target.key, write]))
  const made = await Promise.all(
    [...latest.values()].map(async ({ target, value }) => {
      const kept = await keepValue(target.space, value)
      const tags = allTags(target.space, target.params, options.tags ?? [])
      const ttl = options.ttl === undefined ? {} : { ttl: options.ttl }
      return {
        target,
        entry: makeNewEntry(engine, target, kept, {
          asOf,
          tags,
          meta: options.meta ?? {},
          loadTime: 0,
          ...ttl,
        }),
      }
    }),
  )
  for (const { target } of made) countersOf(engine, target.space).sets += 1
  const kept = made.filter((one): one is { target: Target; entry: Entry } => one.entry !== undefined)
  const dropped = made.filter((one) => one.entry === undefined).map(({ target }) => target.key)
  await Promise.all([put(engine, kept), dropped.length === 0 ? undefined : invalidateKeys(engine, dropped)])
}

async function put(engine: Engine, entries: readonly { target: Target; entry: Entry }[]): Promise<void> {
  if (entries.length === 0) return
  const stores: Store[] = entries.map(({ target, entry }) => ({
    target,
    entry,
    ticket: engine.tickets.take(target.key, 'write'),
  }))
  for (const { target } of entries) engine.failures.forget(target.key)
  try {
    if (engine.cluster === undefined) await putAll(engine, stores)
    else await writeShared(engine, engine.cluster, stores)
  } catch (error) {
    for (const { target, entry } of entries) {
      if (engine.memory.look(target.key)?.entry === entry) engine.memory.remove(target.key)
    }
    throw error
  } finally {
    for (const { ticket } of stores) engine.tickets.release(ticket)
  }
}

/** Gives a fresh entry a new life from now, keeping its value, position and tags. */
export async function touch(engine: Engine, target: Target, ttl?: Ttl): Promise<boolean> {
  assertOpen(engine)
  const ticket = engine.tickets.take(target.key)
  try {
    if (engine.cluster !== undefined) return await touchShared(engine, engine.cluster, { target, ttl })
    const found = await lookUp(engine, target)
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
