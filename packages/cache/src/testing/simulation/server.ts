/**
 * A model of the scripts of the Redis store: each method is what one script does, whole and at one instant. A
 * differential test holds it to the real scripts. It can lose its data, or keep it and change its run id, as a
 * restart does.
 */
import type { AcquireOptions, Acquired, LogRecord, SharedFailure, SharedHead } from '../../shared.ts'
import type { TierRecord } from '../../tier.ts'

interface Stored {
  readonly record: TierRecord
  /** In the server's time. */
  readonly expiresAt: number
  readonly version: string
}

/** How long an expired lease that nobody took is still known. */
const grace = 600_000

/** The model of one Redis. */
export interface ModelServer {
  head(): SharedHead
  join(): SharedHead & { marks: Map<string, number> }
  read(key: string): TierRecord | undefined
  acquire(key: string, options: AcquireOptions): Acquired
  extend(key: string, token: string, lease: number): boolean
  store(record: TierRecord, options: { token: string; version: string; life: number }): boolean
  release(key: string, token: string, failure?: SharedFailure): boolean
  steal(key: string, token: string, lease: number): SharedHead
  remove(keys: readonly string[]): number
  append(record: Omit<LogRecord, 'n'>): SharedHead
  after(n: number): { records: LogRecord[]; gap: boolean }
  prune(floor: number): void
  keys(prefix: string): string[]
  time(): number
  /** A restart: with its data or without. Either way the run id is another. */
  restart(keepsData: boolean): void
  /** Forgets the oldest records of the log. */
  trim(keep: number): void
  /** Called with each key whose lease ends. */
  onWake: (key: string) => void
}

/** A model with nothing in it. */
export function createModelServer(options: {
  readonly time: () => number
  readonly random: () => number
}): ModelServer {
  const { time, random } = options
  let values = new Map<string, Stored>()
  let leases = new Map<string, { token: string; until: number }>()
  let failures = new Map<string, { failure: SharedFailure; until: number }>()
  let hash: { era: string; n: number; floor: number; run: string; marks: Map<string, number> } | undefined
  let log: LogRecord[] = []
  let run = 'run-0'
  let runs = 0

  const name = (): string => Math.floor(random() * 2 ** 40).toString(36)
  const sound = (): NonNullable<typeof hash> => {
    if (hash === undefined || hash.run !== run) {
      hash = { era: name(), n: 0, floor: 0, run, marks: new Map() }
      log = []
    }
    return hash
  }
  const head = (): SharedHead => {
    const { era, n, floor } = sound()
    return { era, n, floor }
  }
  const living = (key: string): Stored | undefined => {
    const stored = values.get(key)
    return stored !== undefined && stored.expiresAt > time() ? stored : undefined
  }

  const server: ModelServer = {
    time,
    onWake: () => {},
    head,
    join: () => ({ ...head(), marks: new Map(sound().marks) }),
    read: (key) => living(key)?.record,
    acquire(key, { token, lease, judged, removeJudged = false, force = false }) {
      const stored = living(key)
      if (stored !== undefined && !force && stored.version !== judged)
        return { kind: 'value', record: stored.record }
      const held = leases.get(key)
      if (held !== undefined && held.token !== token && held.until > time())
        return { kind: 'wait', left: held.until - time() }
      const failed = failures.get(key)
      if (failed !== undefined && failed.until > time() && !force) {
        return { kind: 'failed', failure: failed.failure, left: failed.until - time() }
      }
      if (removeJudged && stored?.version === judged) values.delete(key)
      leases.set(key, { token, until: time() + lease })
      return { kind: 'granted', gen: name() }
    },
    extend(key, token, lease) {
      const held = leases.get(key)
      if (held?.token !== token) return false
      leases.set(key, { token, until: time() + lease })
      return true
    },
    store(record, { token, version, life }) {
      if (living(record.key)?.version === version) return true
      const held = leases.get(record.key)
      if (held?.token !== token || held.until + grace < time()) return false
      values.set(record.key, { record, version, expiresAt: time() + life })
      leases.delete(record.key)
      failures.delete(record.key)
      server.onWake(record.key)
      return true
    },
    release(key, token, failure) {
      if (leases.get(key)?.token !== token) return false
      leases.delete(key)
      if (failure !== undefined) failures.set(key, { failure, until: time() + failure.wait })
      server.onWake(key)
      return true
    },
    steal(key, token, lease) {
      const before = head()
      values.delete(key)
      failures.delete(key)
      leases.set(key, { token, until: time() + lease })
      return before
    },
    remove(keys) {
      let count = 0
      for (const key of keys) {
        if (living(key) !== undefined) count += 1
        values.delete(key)
        leases.delete(key)
        failures.delete(key)
        server.onWake(key)
      }
      return count
    },
    append({ marks, keys }) {
      const own = sound()
      own.n += 1
      for (const mark of marks) own.marks.set(mark, own.n)
      log.push({ n: own.n, marks, keys })
      return head()
    },
    after(n) {
      const own = sound()
      const records = log.filter((record) => record.n > n)
      return { records, gap: n > own.n || (n < own.n && records[0]?.n !== n + 1) }
    },
    prune(floor) {
      const own = sound()
      own.floor = Math.max(own.floor, floor)
      for (const [mark, n] of own.marks) if (n <= floor) own.marks.delete(mark)
    },
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix) && living(key) !== undefined),
    restart(keepsData) {
      run = `run-${(runs += 1)}`
      if (keepsData) return
      values = new Map()
      leases = new Map()
      failures = new Map()
      hash = undefined
      log = []
    },
    trim(keep) {
      log = log.slice(-keep)
    },
  }
  return server
}
