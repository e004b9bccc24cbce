import type { Cluster } from '../cluster/cluster.ts'
import { decode } from '../entry/codec.ts'
import { type Engine, countersOf, marksOf, remember } from '../engine.ts'
import type { Entry } from '../entry/entry.ts'
import { heard, publish } from '../events.ts'
import { type FoundEntry, type Target, revive } from './revive.ts'
import type { TierRecord } from '../tier.ts'
import type { Ticket } from '../write/ticket.ts'

/** What a stored record is worth: the entry where it lives, and its version where it can be read. */
export interface Judged {
  readonly entry: Entry | undefined
  readonly version: string | undefined
}

/** Judges a record of the shared store, and keeps a living one in memory unless something newer came meanwhile. */
export function judge(
  engine: Engine,
  target: Target,
  found: { record: TierRecord; ticket: Ticket },
): Judged | Promise<Judged> {
  const { shared } = engine.cluster as Cluster
  const entry = revive(engine, target, { tier: shared.name, record: found.record, offset: shared.offset() })
  return entry instanceof Promise
    ? entry.then((later) => keep(engine, target, found, later))
    : keep(engine, target, found, entry)
}

function keep(
  engine: Engine,
  target: Target,
  { record, ticket }: { record: TierRecord; ticket: Ticket },
  entry: Entry | undefined,
): Judged {
  const { shared } = engine.cluster as Cluster
  if (entry === undefined) {
    const decoded = decode(target.key, record, { now: engine.order.latest(), offset: shared.offset() })
    return { entry: undefined, version: typeof decoded === 'string' ? undefined : decoded.version }
  }
  const marks = marksOf(target.space, target.params, entry.tags)
  if (
    !ticket.broken &&
    !engine.tickets.busy(target.key) &&
    engine.order.deadBy(entry.asOf, marks) === undefined
  ) {
    remember(engine, target.space, { key: target.key, entry, marks })
    if (heard('entry-copied-up'))
      publish('entry-copied-up', { space: target.space.name, key: target.key, from: shared.name })
  }
  return { entry, version: entry.version }
}

/**
 * What the shared store has: judged only after every record of the log up to the head that was read with it.
 * @throws E_TIER_READ in a `strict` space; elsewhere a store that is away is a miss
 */
export function readShared(engine: Engine, target: Target, ticket: Ticket): Promise<FoundEntry | undefined> {
  const { shared, collect } = engine.cluster as Cluster
  const { space, key } = target
  const failed = (error: unknown): undefined => {
    countersOf(engine, space).errors += 1
    publish('tier-failed', { tier: shared.name, operation: 'read', error })
    if (space.settings.trust === 0) throw error
    return undefined
  }
  const worth = ({ entry }: Judged): FoundEntry | undefined => {
    return entry === undefined ? undefined : { entry, tier: shared.name }
  }
  return collect<FoundEntry | undefined>(
    { key, format: space.settings.format },
    {
      found(record) {
        if (record === undefined) return undefined
        try {
          const judged = judge(engine, target, { record, ticket })
          return judged instanceof Promise ? judged.then(worth).catch(failed) : worth(judged)
        } catch (error) {
          return failed(error)
        }
      },
      failed,
    },
  )
}
