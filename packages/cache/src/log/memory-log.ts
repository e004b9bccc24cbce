import { randomUUID } from 'node:crypto'
import type { InvalidationLog } from './log.ts'

/** A log in the process: enough where every tier ends with it, too. */
export function memoryLog(): InvalidationLog {
  const era = randomUUID()
  const kept = new Map<string, number>()
  let n = 0
  let floor = 0
  return {
    durable: false,
    join: async () => ({ era, n, floor, marks: new Map(kept) }),
    async append(marks) {
      n += 1
      for (const mark of marks) kept.set(mark, n)
      return { era, n }
    },
    async prune(below) {
      floor = Math.max(floor, below)
      for (const [mark, at] of kept) if (at <= floor) kept.delete(mark)
    },
    close: async () => {},
  }
}
