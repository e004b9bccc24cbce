import type { BelowRead } from './below-read.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { SharedKey } from '../cluster/shared.ts'
import type { Taker } from '../cluster/shared-collector.ts'
import { decode } from '../entry/codec.ts'
import { type Engine, countersOf, marksOf, remember } from '../engine.ts'
import type { Entry } from '../entry/entry.ts'
import { heard, publish } from '../events.ts'
import { type Target, revive } from './revive.ts'
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
    const decoded = decode(target.key, record, {
      now: engine.order.latest(),
      offset: shared.offset(),
      codec: engine.codec,
      text: target.space.settings.text,
    })
    return { entry: undefined, version: typeof decoded === 'string' ? undefined : decoded.version }
  }
  const marks = marksOf(target.space, target.params, entry.tags)
  if (
    !ticket.broken &&
    !engine.tickets.busy(target.key) &&
    engine.order.deadBy(entry.asOf, marks) === undefined
  ) {
    remember(engine, target, { entry, marks, readAt: engine.clock.now() })
    if (heard('entry-copied-up'))
      publish('entry-copied-up', { space: target.space.name, key: target.key, from: shared.name })
  }
  return { entry, version: entry.version }
}

/** What becomes of the answer of the shared store. */
class SharedRead<T> implements Taker<T> {
  readonly key: string
  readonly format: SharedKey['format']
  readonly #read: BelowRead<T>

  constructor(read: BelowRead<T>) {
    this.key = read.target.key
    this.format = read.target.space.settings.format
    this.#read = read
  }

  found(record: TierRecord | undefined): T | Promise<T> {
    const { engine, target, ticket } = this.#read
    if (record === undefined) return this.#read.finish(undefined)
    let judged: Judged | Promise<Judged>
    try {
      judged = judge(engine, target, { record, ticket })
    } catch (error) {
      return this.failed(error)
    }
    return judged instanceof Promise
      ? judged.then(
          (later) => this.#worth(later),
          (error: unknown) => this.failed(error),
        )
      : this.#worth(judged)
  }

  failed(error: unknown): T {
    const { engine, target, ticket } = this.#read
    countersOf(engine, target.space).errors += 1
    publish('tier-failed', { tier: nameOf(engine), operation: 'read', error })
    if (target.space.settings.trust !== 0) return this.#read.finish(undefined, error)
    engine.tickets.release(ticket)
    throw error
  }

  #worth({ entry }: Judged): T {
    return this.#read.finish(entry === undefined ? undefined : { entry, tier: nameOf(this.#read.engine) })
  }
}

const nameOf = (engine: Engine): string => (engine.cluster as Cluster).shared.name

/**
 * What the shared store has, judged only after every record of the log up to the head that was read with it.
 * @throws E_TIER_READ in a `strict` space; elsewhere a store that is away is a miss
 */
export function readShared<T>(engine: Engine, read: BelowRead<T>): Promise<T> {
  return (engine.cluster as Cluster).collect(new SharedRead(read))
}

/** What the shared store has now, whatever memory has; only what lives. @throws E_TIER_READ */
export async function readStored(
  engine: Engine,
  { shared, follower }: Cluster,
  target: Target,
): Promise<Entry | undefined> {
  const ticket = engine.tickets.take(target.key)
  try {
    const { records, head } = await shared.read([{ key: target.key, format: target.space.settings.format }])
    await follower.reach(head)
    const [record] = records
    return record === undefined ? undefined : (await judge(engine, target, { record, ticket })).entry
  } finally {
    engine.tickets.release(ticket)
  }
}
