import { runStep } from '../around.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { within } from '../deadline.ts'
import { type Engine, assertOpen, checkTags, lives } from '../engine.ts'
import type { Position } from '../entry/entry.ts'
import { RepriseError, quote } from '../errors.ts'
import { publish } from '../events.ts'
import { isOver } from '../memory/memory.ts'
import { spaceMark, tagMark, tenantMark } from '../log/order.ts'

/** What to invalidate: any of these together. */
export interface Invalidation {
  /** Full keys, as `handle.key(params)` gives them. */
  readonly keys?: readonly string[]
  readonly tags?: readonly string[]
  /** Names of spaces. */
  readonly spaces?: readonly string[]
  /** Every entry of a tenant, in the spaces whose key names one. */
  readonly tenant?: string
}

/** What an invalidation did. */
export interface InvalidationReport {
  /** Stored entries that were removed by key; marks remove nothing, they make entries misses. */
  readonly removed: number
  /** The position of the log after it. */
  readonly position: { readonly era: string; readonly n: number }
}

/** The full keys, tags, spaces and tenant of a target, checked. @throws E_KEY_UNKNOWN, E_SPACE_UNKNOWN, E_TAG_INVALID, E_OPTION_INVALID */
export function readTarget(
  engine: Engine,
  target: Invalidation,
): { readonly keys: readonly string[]; readonly marks: readonly string[] } {
  const known = ['keys', 'tags', 'spaces', 'tenant']
  const unknown = Object.keys(target).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new RepriseError(
      'E_OPTION_INVALID',
      `invalidate() does not know ${quote(unknown[0])}; it takes ${known.join(', ')}`,
    )
  const { keys = [], tags = [], spaces = [], tenant } = target
  for (const key of keys) {
    if (engine.catalog.parse(key) === undefined) {
      throw new RepriseError(
        'E_KEY_UNKNOWN',
        `key ${quote(key)} belongs to no space of the catalog "${engine.catalog.prefix}"; give what handle.key(params) returns`,
      )
    }
  }
  if (tenant === '') throw new RepriseError('E_OPTION_INVALID', 'tenant is empty; give its name')
  const marks = [
    ...checkTags(tags).map(tagMark),
    ...spaces.map((name) => spaceMark(engine.catalog.find(name).name)),
    ...(tenant === undefined ? [] : [tenantMark(tenant)]),
  ]
  return { keys: [...new Set(keys)], marks: [...new Set(marks)] }
}

/** Carries out an invalidation. @throws E_INVALIDATION_UNKNOWN when a tier or the log could not confirm it */
export async function invalidate(engine: Engine, target: Invalidation): Promise<InvalidationReport> {
  assertOpen(engine)
  const { keys, marks } = readTarget(engine, target)
  const step = { name: 'invalidate', keys: keys.length, marks: marks.length } as const
  const removed = await runStep(step, async () => {
    const held = keys.length === 0 ? 0 : await invalidateKeys(engine, keys)
    if (marks.length > 0) await invalidateMarks(engine, marks)
    return held
  })
  const position = engine.order.latest()
  publish('invalidated', { keys, marks, n: position.n })
  return { removed, position }
}

/**
 * Removes keys from every tier, the lowest first, and cuts off whatever was under way on them: before, so that
 * nothing old is stored meanwhile, and again after, for what read a lower tier before its record was gone.
 */
export async function invalidateKeys(engine: Engine, keys: readonly string[]): Promise<number> {
  const deadline = engine.writeDeadline
  const late = (): Error =>
    new RepriseError(
      'E_INVALIDATION_UNKNOWN',
      `the removal of ${quote(keys[0])}${keys.length > 1 ? ` and ${keys.length - 1} more` : ''} was not confirmed within ${deadline} ms; repeat it, which is safe`,
    )
  return within(engine.clock, removeKeys(engine, keys), { deadline, late })
}

async function removeKeys(engine: Engine, keys: readonly string[]): Promise<number> {
  const held = new Set<string>()
  const now = engine.clock.now()
  const drop = (): void => {
    for (const key of keys) {
      engine.tickets.breakAll(key)
      engine.failures.forget(key)
      const record = engine.memory.look(key)
      if (record === undefined) continue
      if (!isOver(record, now) && lives(engine, record)) held.add(key)
      engine.memory.remove(key)
    }
  }
  drop()
  let below = 0
  if (engine.cluster !== undefined) {
    below = await invalidateShared(engine, engine.cluster, keys)
  } else if (engine.tiers.length > 0) {
    await engine.lanes.run(keys, async () => {
      for (const tier of [...engine.tiers].toReversed()) {
        try {
          for (const key of await tier.remove(keys)) held.add(key)
        } catch (cause) {
          publish('tier-failed', { tier: tier.name, operation: 'remove', error: cause })
          throw new RepriseError(
            'E_INVALIDATION_UNKNOWN',
            `tier "${tier.name}" did not confirm the removal of ${quote(keys[0])}${keys.length > 1 ? ` and ${keys.length - 1} more` : ''}; repeat it, which is safe`,
            { cause },
          )
        }
      }
      for (const key of keys) dropOld(engine, key)
    })
  }
  return Math.max(held.size, below)
}

/** Removes keys from the shared store, then writes one record, so that a copy-up begun in between is dropped by it. */
async function invalidateShared(
  engine: Engine,
  { shared, follower }: Cluster,
  keys: readonly string[],
): Promise<number> {
  const formats = keys.map((key) => ({
    key,
    format: engine.catalog.parse(key)?.space.settings.format ?? ('entry' as const),
  }))
  return engine.lanes.run(keys, async () => {
    try {
      const removed = await shared.remove(formats)
      const position = await shared.append({ marks: [], keys: keys.map((key) => ({ key })) })
      await follower.own(position)
      engine.order.confirm(position)
      for (const key of keys) dropOld(engine, key)
      return removed
    } catch (cause) {
      throw new RepriseError(
        'E_INVALIDATION_UNKNOWN',
        `"${shared.name}" did not confirm the removal of ${quote(keys[0])}${keys.length > 1 ? ` and ${keys.length - 1} more` : ''}; repeat it, which is safe`,
        { cause },
      )
    }
  })
}

/** Cuts off loads and copy-ups that may have read a lower tier before its record was removed; a write that was called since stays. */
function dropOld(engine: Engine, key: string): void {
  engine.tickets.breakUpgrades(key)
  if (engine.tickets.breakReads(key)) engine.memory.remove(key)
}

/** Writes marks to the log and applies them here: entries that carry one are misses from now on. */
async function invalidateMarks(engine: Engine, marks: readonly string[]): Promise<void> {
  let position: Position
  try {
    position = await (engine.cluster === undefined
      ? engine.log.append(marks)
      : engine.cluster.shared.append({ marks, keys: [] }))
  } catch (cause) {
    throw new RepriseError(
      'E_INVALIDATION_UNKNOWN',
      `the log did not confirm the invalidation of ${quote(marks.map((mark) => mark.slice(2)))}; repeat it, which is safe`,
      { cause },
    )
  }
  // In a cluster only the follower moves the cursor: records of others may stand before this one.
  if (engine.cluster === undefined) engine.order.advance(position)
  else await ownInvalidation(engine.cluster, position)
  engine.order.mark(position.n, marks)
  engine.order.confirm(position)
  detachMarked(engine, marks, position)
}

async function ownInvalidation({ follower }: Cluster, position: Position): Promise<void> {
  try {
    await follower.own(position)
  } catch (cause) {
    throw new RepriseError(
      'E_INVALIDATION_UNKNOWN',
      'the log began a new era and could not be joined; repeat the invalidation, which is safe',
      { cause },
    )
  }
}

/** Cuts off the loads whose value would carry one of these marks, and what they left running. */
export function detachMarked(engine: Engine, marks: readonly string[], record: Position): void {
  for (const flight of engine.flights.values()) {
    if (!flight.marks.some((mark) => marks.includes(mark))) continue
    engine.tickets.breakOlder(flight.key, record)
  }
  for (const { key, marks: own } of engine.upgradings)
    if (own.some((mark) => marks.includes(mark))) engine.tickets.breakOlder(key, record)
}
