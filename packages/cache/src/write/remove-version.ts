/**
 * Removal of one version: compare and delete. A value that was found to be bad goes, and what has come in its place,
 * or is being loaded now, stays: unlike an invalidation it cuts nothing off. Where processes share a store, asking for
 * the lease with a judged version that must go removes it in that very step, whoever has the lease, and a lease that
 * comes with it is given back. There is no record in the log: it would cut off the load that makes the next value.
 */
import type { Cluster } from '../cluster/cluster.ts'
import { newToken } from '../cluster/token.ts'
import { within } from '../deadline.ts'
import { type Engine, offsetOf } from '../engine.ts'
import { decode, foreign } from '../entry/codec.ts'
import { RepriseError } from '../errors.ts'
import { publish } from '../events.ts'
import type { Target } from '../read/revive.ts'
import type { TierRecord } from '../tier.ts'

/** What is to go. */
interface Removal {
  readonly target: Target
  readonly version: string
}

/**
 * Removes an entry where it is still this version, from every tier. True when there was one; where two processes ask
 * at once, both may be told so.
 * @throws E_INVALIDATION_UNKNOWN
 */
export async function removeVersion(engine: Engine, target: Target, version: string): Promise<boolean> {
  const { key } = target
  const removal = { target, version }
  if (version !== foreign) engine.removed.add(version)
  const flight = engine.flights.get(key)
  if (flight?.fallback?.version === version) flight.fallback = undefined
  const held = drop(engine, removal)
  const unknown = (cause?: unknown): Error =>
    new RepriseError(
      'E_INVALIDATION_UNKNOWN',
      `the removal of one version of "${key}" was not confirmed; repeat it, which is safe`,
      { cause },
    )
  const removed = engine.lanes.run([key], async () => {
    try {
      const { cluster } = engine
      return await (cluster === undefined
        ? removeBelow(engine, removal)
        : removeShared(engine, cluster, removal))
    } catch (cause) {
      throw unknown(cause)
    }
  })
  const below = await within(engine.clock, removed, { deadline: engine.writeDeadline, late: unknown })
  return drop(engine, removal) || held || below
}

function drop(engine: Engine, { target: { key }, version }: Removal): boolean {
  if (engine.memory.look(key)?.entry.version !== version) return false
  return engine.memory.remove(key)
}

async function removeShared(
  engine: Engine,
  { shared, lease, process }: Cluster,
  removal: Removal,
): Promise<boolean> {
  const { key, space } = removal.target
  const place = { key, format: space.settings.format }
  const { records } = await shared.read([place])
  if (!isVersion(engine, records[0], removal)) return false
  const token = newToken(process)
  const { acquired } = await shared.acquire(place, {
    token,
    lease,
    judged: removal.version,
    removeJudged: true,
  })
  if (acquired.kind === 'granted') await shared.release(place, token)
  return acquired.kind !== 'value'
}

async function removeBelow(engine: Engine, removal: Removal): Promise<boolean> {
  const { key } = removal.target
  let removed = false
  for (const tier of [...engine.tiers].toReversed()) {
    try {
      const [record] = await tier.read([key])
      if (isVersion(engine, record, removal)) removed = (await tier.remove([key])).length > 0 || removed
    } catch (error) {
      publish('tier-failed', { tier: tier.name, operation: 'remove', error })
      throw error
    }
  }
  return removed
}

function isVersion(
  engine: Engine,
  record: TierRecord | undefined,
  { target: { key, space }, version }: Removal,
): boolean {
  if (record === undefined) return false
  const entry = decode(key, record, {
    now: engine.order.latest(),
    offset: offsetOf(engine),
    codec: engine.codec,
    text: space.settings.text,
  })
  return typeof entry === 'object' && entry.version === version
}
