import type { Database } from '@reprise/database'
import * as statements from './statements.ts'

/** Counts of one process by minute, on their way to the sums that all processes share. */
export interface Counters {
  /** @param value 1 by default */
  add(name: string, value?: number): void
  /** Adds what was counted since to the shared sums; what could not be written is kept for the next time. */
  flush(): Promise<void>
}

/** What the shared sums have since an instant. */
export type Sums = (name: string) => number

interface Item {
  readonly minute: string
  readonly name: string
  readonly value: number
}

/** Milliseconds of a minute. */
export const minute = 60_000

/** Makes the counters of a process. */
export function createCounters(database: Database, now: () => Date): Counters {
  let counts = new Map<string, Item>()

  function put({ minute: at, name, value }: Item): void {
    const key = `${at} ${name}`
    counts.set(key, { minute: at, name, value: (counts.get(key)?.value ?? 0) + value })
  }

  return {
    add(name, value = 1) {
      const at = new Date(Math.floor(now().getTime() / minute) * minute)
      put({ minute: at.toISOString(), name, value })
    },
    async flush() {
      if (counts.size === 0) return
      const taken = [...counts.values()]
      counts = new Map()
      // In one order everywhere: two processes that add to the same rows never wait for each other in a circle.
      const items = taken.toSorted((left, right) =>
        left.minute + left.name < right.minute + right.name ? -1 : 1,
      )
      try {
        await database.query(statements.addFigures, [JSON.stringify(items)])
      } catch (error) {
        items.forEach(put)
        throw error
      }
    },
  }
}

/** Reads the shared sums since an instant; what was never counted is 0. */
export async function readSums(database: Database, since: Date): Promise<{ sum: Sums; names: string[] }> {
  const { rows } = await database.query<{ name: string; value: number }>(statements.sumFigures, [since])
  const sums = new Map(rows.map(({ name, value }) => [name, value]))
  return { sum: (name) => sums.get(name) ?? 0, names: [...sums.keys()] }
}
