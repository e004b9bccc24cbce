/** The log of the model server: what the scripts over the catalog's own slot do, each whole and at one instant. */
import type { Position } from '../../entry/entry.ts'
import type { LogRecord, SharedHead } from '../../cluster/shared.ts'

/** The log, its marks and its era. */
export interface ModelLog {
  head(): SharedHead
  join(): SharedHead & { marks: Map<string, number>; deletions: Map<string, number> }
  append(record: Omit<LogRecord, 'n'>, maxLength: number): Position
  after(position: Position): { head: SharedHead; records: LogRecord[]; gap: boolean }
  prune(floor: number): void
  /** Calls back at the next record, or after so many milliseconds. */
  untilAppend(wait: number, callback: () => void): void
  /** Forgets all but the newest records. */
  trim(keep: number): void
  /** Everything is gone, as after a restart without a disk; or distrusted, since the server's run is another. */
  lose(): void
}

/** A log with nothing in it. */
export function createModelLog(
  random: () => number,
  after: (delay: number, run: () => void) => () => void,
): ModelLog {
  const blocked = new Set<() => void>()
  let hash: { era: string; n: number; floor: number; marks: Map<string, number> } | undefined
  let log: LogRecord[] = []

  const sound = (): NonNullable<typeof hash> => {
    if (hash === undefined) {
      hash = { era: Math.floor(random() * 2 ** 40).toString(36), n: 0, floor: 0, marks: new Map() }
      log = []
    }
    return hash
  }
  const head = (): SharedHead => {
    const { era, n, floor } = sound()
    return { era, n, floor }
  }

  return {
    head,
    join() {
      const marks = new Map(sound().marks)
      const deletions = new Map<string, number>()
      for (const { n, keys } of log)
        for (const { key, version } of keys) if (version === undefined) deletions.set(key, n)
      return { ...head(), marks, deletions }
    },
    append({ marks, keys }, maxLength) {
      const own = sound()
      own.n += 1
      for (const mark of marks) own.marks.set(mark, own.n)
      log.push({ n: own.n, marks, keys })
      if (log.length > maxLength) log.shift()
      for (const go of blocked) go()
      return { era: own.era, n: own.n }
    },
    after({ era, n }) {
      const now = head()
      if (era !== now.era || n > now.n) return { head: now, records: [], gap: true }
      const records = log.filter((record) => record.n > n)
      const gap = n < now.n && records[0]?.n !== n + 1
      return { head: now, records: gap ? [] : records, gap }
    },
    prune(floor) {
      const own = sound()
      own.floor = Math.max(own.floor, Math.min(floor, own.n))
      for (const [mark, n] of own.marks) if (n <= own.floor) own.marks.delete(mark)
    },
    untilAppend(wait, callback) {
      const go = (): void => {
        cancel()
        blocked.delete(go)
        callback()
      }
      const cancel = after(wait, go)
      blocked.add(go)
    },
    trim(keep) {
      log = log.slice(log.length - Math.min(keep, log.length))
    },
    lose() {
      hash = undefined
      log = []
    },
  }
}
