import { randomUUID } from 'node:crypto'
import { availableParallelism, freemem, totalmem } from 'node:os'
import type { Database } from '@reprise/database'
import { minute } from './counters.ts'
import * as statements from './statements.ts'

/** How this process is doing, told to the others. */
export interface Gauges {
  report(): Promise<void>
  /** Takes this process out of the figures. */
  end(): Promise<void>
}

/** Makes the gauges of a process: its share of the machine's processors since the last report, and the machine's memory. */
export function createGauges(database: Database, now: () => Date): Gauges {
  const id = randomUUID()
  let cpu = process.cpuUsage()
  let at = performance.now()
  return {
    async report() {
      const since = process.cpuUsage(cpu)
      const elapsed = Math.max(1, performance.now() - at)
      cpu = process.cpuUsage()
      at = performance.now()
      const busy = (since.user + since.system) / 1000 / elapsed / availableParallelism()
      const memory = 1 - freemem() / totalmem()
      const percent = (part: number): number => Math.round(Math.min(1, part) * 1000) / 10
      await database.query(statements.setGauges, [id, percent(busy), percent(memory), now()])
    },
    async end() {
      await database.query(statements.forgetGauges, [id, new Date(now().getTime() - 10 * minute)])
    },
  }
}
