import { randomInt } from 'node:crypto'
import { hostname } from 'node:os'
import type { CacheOptions } from './cache-options.ts'
import { createBackground } from './background.ts'
import { type Clock, systemClock } from './clock.ts'
import { codecOf } from './entry/codec-of.ts'
import { createCollector } from './read/collector.ts'
import { milliseconds } from './duration.ts'
import type { Engine } from './engine.ts'
import { RepriseError } from './errors.ts'
import { heard, publish } from './events.ts'
import { createFailures } from './load/failures.ts'
import { joinCluster } from './cluster/join-cluster.ts'
import { createLanes } from './write/lanes.ts'
import { memoryLog } from './log/memory-log.ts'
import { createMemoryOf } from './memory/layout.ts'
import { createOrder } from './log/order.ts'
import { notingChanges } from './noting-changes.ts'
import { sharedTier } from './cluster/shared-tier.ts'
import { createLatencies } from './operate/latency.ts'
import { LifetimeLog } from './operate/lifetimes.ts'
import { ReadSketch } from './operate/read-sketch.ts'
import { createCounters } from './operate/stats.ts'
import { createRemovedVersions } from './write/removed-versions.ts'
import { createTickets } from './write/ticket.ts'

/** An engine whose tiers are open and whose log is joined, and the work that nobody waits for. */
export interface Started {
  readonly engine: Engine
  readonly working: Set<Promise<unknown>>
  /** Leaves the log and closes what came with it. */
  readonly leave: () => Promise<void>
}

/** Opens tiers and log and makes the engine over them. @throws E_LOG_MISSING, E_OPTION_INVALID, and what `open` throws */
export async function createEngine(options: CacheOptions): Promise<Started> {
  const { catalog, shared, random = Math.random } = options
  if (shared !== undefined && (options.tiers !== undefined || options.log !== undefined)) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      'shared was given together with tiers or log: a shared store brings its own log, and nothing lives below it',
    )
  }
  const codec = codecOf(options)
  const tiers =
    shared === undefined
      ? (options.tiers ?? []).map((tier) => notingChanges(tier, () => (engine.state.changes += 1)))
      : [sharedTier(shared, catalog, codec)]
  const clock: Clock = options.clock ?? systemClock
  const log = options.log ?? memoryLog()
  const lasting = tiers.find(({ durable }) => durable)
  if (shared === undefined && lasting !== undefined && !log.durable) {
    throw new RepriseError(
      'E_LOG_MISSING',
      `tier "${lasting.name}" outlives the process, so its invalidations must, too: give a log that does, such as sqlLog({ database, catalog })`,
    )
  }
  const ticks = (): number => clock.monotonic?.() ?? clock.now()
  const lifetimes = new LifetimeLog()
  const memory = createMemoryOf(
    // Whoever gives the randomness wants every run alike.
    { ...options.memory, seed: options.random === undefined ? randomInt(2 ** 32) : 0 },
    (leaver) => {
      if (!heard('entry-evicted')) return
      publish('entry-evicted', { space: leaver.space.name, key: leaver.key, bytes: leaver.entry.bytes })
    },
    (leaver, why) => lifetimes.leave(leaver, why, clock.now()),
  )
  for (const tier of tiers) await tier.open()
  await shared?.open()
  const head = await (shared ?? log).join()
  const latencies = createLatencies({
    tiers: tiers.map(({ name }) => name),
    spaces: catalog.spaces.map(({ name }) => name),
    now: ticks,
  })
  const working = new Set<Promise<unknown>>()
  const engine: Engine = {
    catalog,
    clock,
    random,
    memory,
    codec,
    tiers,
    log,
    cluster: undefined,
    collectors: new Map(tiers.map((tier) => [tier, createCollector(tier, { clock, latencies })])),
    order: createOrder(head),
    tickets: createTickets(),
    lanes: createLanes(),
    writeDeadline: milliseconds(options.writeDeadline ?? 10_000, 'writeDeadline'),
    flights: new Map(),
    failures: createFailures(clock, random),
    upgradings: new Set(),
    leftAlone: new Map(),
    tasks: options.background ?? createBackground({ clock }),
    removed: createRemovedVersions(),
    counters: new Map(catalog.spaces.map(({ name }) => [name, createCounters()])),
    latencies,
    background(work) {
      working.add(work)
      work.then(
        () => working.delete(work),
        () => working.delete(work),
      )
    },
    hot: new ReadSketch({ now: ticks }),
    lifetimes,
    state: { closed: false, startedAt: clock.now(), expirations: 0, changes: 0 },
  }
  if (shared === undefined) return { engine, working, leave: async () => log.close() }
  const joined = await joinCluster(engine, shared, {
    lease: milliseconds(options.lease ?? 5_000, 'lease'),
    process: options.processName ?? `${hostname()}:${process.pid}`,
  })
  engine.cluster = joined.cluster
  return {
    engine,
    working,
    async leave() {
      // Closing the store ends the follower's wait for records.
      const stopped = joined.stop()
      await shared.close()
      await stopped
    },
  }
}
