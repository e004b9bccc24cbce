import type { Cluster } from './cluster.ts'
import type { Engine } from '../engine.ts'
import { publish } from '../events.ts'
import { type FollowerEffects, startFollower } from '../log/follower.ts'
import { detachMarked } from '../write/invalidate.ts'
import { timed } from '../operate/latency.ts'
import { withoutOrphans } from './orphans.ts'
import { createSharedCollector } from './shared-collector.ts'
import type { LogRecord, Shared } from './shared.ts'
import { createWakes } from './wakes.ts'

/** What records of the log, and the loss of its thread, do to this process. */
function effectsOn(engine: Engine): FollowerEffects {
  return {
    apply(record: LogRecord, era: string) {
      const position = { era, n: record.n }
      detachMarked(engine, record.marks, position)
      for (const { key, version, sameLine = false } of record.keys) {
        engine.tickets.breakOlder(key, position, { sameLine })
        engine.failures.forget(key)
        const entry = engine.memory.look(key)?.entry
        if (entry === undefined || entry.version === version) continue
        // A copy whose load began at or after the record is newer than it.
        if (entry.asOf.era !== era || entry.asOf.n < record.n) engine.memory.remove(key)
      }
      publish('invalidated', { keys: record.keys.map(({ key }) => key), marks: record.marks, n: record.n })
    },
    distrust() {
      for (const record of engine.memory.records()) engine.memory.remove(record.key)
      engine.tickets.breakEverything()
      publish('log-rejoined', engine.order.position())
    },
    failed: (error) =>
      publish('tier-failed', { tier: engine.cluster?.shared.name ?? 'shared', operation: 'follow', error }),
  }
}

/** The store, with every change that this process makes there noted, and reads and writes timed. */
function watched(engine: Engine, store: Shared): Shared {
  const note = (): void => {
    engine.state.changes += 1
  }
  const noted = <T>(change: Promise<T>): Promise<T> => {
    change.then(note, note)
    return change
  }
  const reading = { tier: store.name, kind: 'reads' } as const
  const writing = { tier: store.name, kind: 'writes' } as const
  const { latencies } = engine
  return {
    ...store,
    read: (keys) => timed(latencies, reading, () => store.read(keys)),
    acquire(key, options) {
      const asked = timed(latencies, reading, () => store.acquire(key, options))
      return options.removeJudged === true ? noted(asked) : asked
    },
    store: (record, options) => noted(timed(latencies, writing, () => store.store(record, options))),
    steal: (key, token, lease) => noted(store.steal(key, token, lease)),
    remove: (keys) => noted(store.remove(keys)),
  }
}

/** Follows the log of a shared store that was joined, and listens for leases that end. */
export async function joinCluster(
  engine: Engine,
  store: Shared,
  { lease, process }: Pick<Cluster, 'lease' | 'process'>,
): Promise<{ readonly cluster: Cluster; stop(): Promise<void> }> {
  const shared = withoutOrphans(watched(engine, store), { clock: engine.clock, lease })
  const wakes = createWakes(engine.clock)
  const follower = startFollower({
    shared,
    order: engine.order,
    clock: engine.clock,
    effects: effectsOn(engine),
  })
  const silence = await shared.onWake((key) => wakes.wake(key))
  return {
    cluster: { shared, collect: createSharedCollector(shared, follower), follower, wakes, lease, process },
    async stop() {
      shared.stop()
      await Promise.allSettled([follower.stop(), silence()])
    },
  }
}
