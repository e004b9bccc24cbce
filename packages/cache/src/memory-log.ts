import { randomUUID } from 'node:crypto'
import type { InvalidationLog } from './log.ts'

/** A log that lives and ends with the process: enough where every tier does, too. */
export function memoryLog(): InvalidationLog {
  const era = randomUUID()
  let n = 0
  return {
    durable: false,
    join: async () => ({ era, n, floor: 0, marks: new Map() }),
    append: async () => ({ era, n: (n += 1) }),
    prune: async () => {},
    close: async () => {},
  }
}
