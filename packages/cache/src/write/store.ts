import type { BoundSpace } from '../key/catalog.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { encode } from '../entry/codec.ts'
import { type Ttl, freshUntil } from '../duration.ts'
import { type Engine, countersOf, marksOf, remember } from '../engine.ts'
import { type Entry, type Position, type Provenance, noProvenance } from '../entry/entry.ts'
import { RepriseError } from '../errors.ts'
import { publish } from '../events.ts'
import { timed } from '../operate/latency.ts'
import type { Target } from '../read/revive.ts'
import type { Tier, TierRecord } from '../tier.ts'
import type { Ticket } from './ticket.ts'
import { newVersion } from '../entry/version.ts'
import type { Kept } from '../entry/value.ts'

/** What an entry is made of, beside its value. */
export interface Making {
  readonly asOf: Position
  readonly tags: readonly string[]
  readonly meta: Provenance
  readonly loadTime: number
  /** Instead of the space's TTL. */
  readonly ttl?: Ttl
}

/** The entry of a value, or undefined when its TTL says "do not keep". @throws E_TTL_INVALID */
export function makeNewEntry(engine: Engine, target: Target, kept: Kept, making: Making): Entry | undefined {
  const { settings } = target.space
  const now = engine.clock.now()
  const ttl =
    making.ttl ??
    (typeof settings.ttl === 'function' ? settings.ttl(kept.value, target.params) : settings.ttl)
  const end = freshUntil(ttl, now)
  if (end <= now) return undefined
  // Jitter only shortens: an entry never outlives its TTL.
  const life =
    Number.isFinite(end) && settings.jitter > 0
      ? (end - now) * (1 - settings.jitter * engine.random())
      : end - now
  return {
    value: kept.value,
    bytes: kept.bytes,
    createdAt: now,
    freshUntil: now + life,
    asOf: making.asOf,
    tags: making.tags,
    meta: Object.keys(making.meta).length === 0 ? noProvenance : Object.freeze({ ...making.meta }),
    loadTime: making.loadTime,
    version: newVersion(),
  }
}

/** Records in one write of a tier. */
const mostAtOnce = 1_000

/** An entry on its way to the tiers, under the ticket that may put it there. */
export interface Store {
  readonly target: Target
  readonly entry: Entry
  readonly ticket: Ticket
  /** The token of the lease under which a shared store takes it; without one it stays out of there. */
  readonly lease?: string | undefined
  /** The line of values that it keeps to in a shared store; undefined where nothing will ask for it. */
  readonly line?: string | undefined
}

/** Puts entries in memory; whatever was under way on their keys is cut off. */
export function putMemory(engine: Engine, stores: readonly Store[]): void {
  for (const { target, entry, ticket } of stores) {
    engine.tickets.overrule(ticket)
    const marks = marksOf(target.space, target.params, entry.tags)
    remember(engine, target, { entry, marks })
    publish('entry-stored', { space: target.space.name, key: target.key, tier: 'memory', bytes: entry.bytes })
  }
}

/**
 * Puts entries in memory at once and in the tiers below in the order of calls; whatever was under way on their
 * keys is cut off. Resolves when the tiers have them; rejects when one could not be written, after dropping
 * the memory copies, since what that tier holds is then unknown.
 * @throws E_TIER_WRITE
 */
export async function putAll(engine: Engine, stores: readonly Store[]): Promise<void> {
  putMemory(engine, stores)
  if (engine.cluster !== undefined) return void (await putShared(engine, engine.cluster, stores))
  if (engine.tiers.length === 0) return
  const keys = stores.map(({ target }) => target.key)
  await engine.lanes.run(keys, async () => {
    // Bottom up: while a lower tier is behind, an upper one never answers with something newer than it could refill.
    for (const tier of [...engine.tiers].toReversed()) await writeTier(engine, tier, stores)
    for (const store of stores) {
      dropCopies(engine, store)
      await removeIfDead(engine, store)
    }
  })
}

/** Removes from the tiers what a mark has killed while it was being written. */
async function removeIfDead(engine: Engine, { target, entry }: Store): Promise<void> {
  const marks = marksOf(target.space, target.params, entry.tags)
  if (engine.order.deadBy(entry.asOf, marks) === undefined) return
  for (const tier of engine.tiers) await tier.remove([target.key]).catch(() => [])
}

/** What a store still had while it was being written, and somebody read, is older than what was written: it must not be copied up. */
function dropCopies(engine: Engine, { target, entry, ticket }: Store): void {
  if (ticket.broken) return
  const alone = engine.tickets.breakReads(target.key, ticket)
  if (alone && engine.memory.look(target.key)?.entry.version !== entry.version)
    engine.memory.remove(target.key)
}

/** Stores under leases, each in one script that succeeds only while its lease holds; false when one was refused. */
export async function putShared(
  engine: Engine,
  { shared }: Cluster,
  stores: readonly Store[],
): Promise<boolean> {
  const leased = stores.filter(({ lease }) => lease !== undefined)
  const all = await Promise.all(
    leased.map(async (store): Promise<boolean> => {
      const { target, entry, lease, line } = store
      const { space, key } = target
      const record = encode(space, { key, entry, line }, { codec: engine.codec, offset: shared.offset() })
      const options = { token: lease as string, version: entry.version, format: space.settings.format }
      let stored: boolean
      try {
        stored = await shared.store(record, options)
      } catch (cause) {
        publish('tier-failed', { tier: shared.name, operation: 'write', error: cause })
        countersOf(engine, space).errors += 1
        throw new RepriseError(
          'E_TIER_WRITE',
          `"${shared.name}" could not be written: what it holds for "${key}" is unknown; set or delete again`,
          { cause },
        )
      }
      if (stored) {
        dropCopies(engine, store)
        publish('entry-stored', { space: space.name, key, tier: shared.name, bytes: entry.bytes })
        return true
      }
      // Somebody wrote or invalidated it since: what is in memory is older than that.
      if (engine.memory.look(key)?.entry.version === entry.version) engine.memory.remove(key)
      publish('lease-lost', { space: space.name, key })
      publish('entry-refused', { space: space.name, key, reason: 'superseded', meta: entry.meta })
      return false
    }),
  )
  return !all.includes(false)
}

async function writeTier(engine: Engine, tier: Tier, stores: readonly Store[]): Promise<void> {
  // A load whose ticket was broken since must not be stored. A write that was overtaken is: what overtook it follows
  // in the lane, and once the write resolves nobody may read what was there before.
  const due = stores.filter(({ ticket }) => ticket.kind === 'write' || !ticket.broken)
  if (due.length === 0) return
  const records: TierRecord[] = due.map(({ target, entry }) =>
    encode(target.space, { key: target.key, entry }, { codec: engine.codec, offset: 0 }),
  )
  try {
    for (let from = 0; from < records.length; from += mostAtOnce)
      await timed(engine.latencies, { tier: tier.name, kind: 'writes' }, () =>
        tier.write(records.slice(from, from + mostAtOnce)),
      )
  } catch (cause) {
    publish('tier-failed', { tier: tier.name, operation: 'write', error: cause })
    for (const { target } of due) countersOf(engine, target.space).errors += 1
    throw new RepriseError(
      'E_TIER_WRITE',
      `tier "${tier.name}" could not be written: what it holds for ${describe(due)} is unknown; set or delete again`,
      { cause },
    )
  }
  for (const { target, entry } of due) {
    publish('entry-stored', {
      space: target.space.name,
      key: target.key,
      tier: tier.name,
      bytes: entry.bytes,
    })
  }
}

function describe(stores: readonly Store[]): string {
  const [first] = stores
  return stores.length === 1
    ? `"${first?.target.key}"`
    : `"${first?.target.key}" and ${stores.length - 1} more keys`
}

/** Provenance with the space's own cost where the loader told none, for the ledger. */
export function costOf(space: BoundSpace, meta: Provenance): number {
  return meta.cost ?? space.settings.cost
}
