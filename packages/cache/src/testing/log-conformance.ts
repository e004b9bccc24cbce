import assert from 'node:assert/strict'
import type { InvalidationLog } from '../log/log.ts'
import type { ConformanceCase } from './tier-conformance.ts'

/** A place where logs are kept, empty at first. */
export interface LogsUnderTest {
  /** The log of a catalog; called again, the same log as a process that starts later would join it. */
  readonly log: (catalog: string) => InvalidationLog
  readonly close: () => Promise<void>
}

type Check = readonly [name: string, check: (logs: LogsUnderTest) => Promise<void>]

const marksOf = async (log: InvalidationLog): Promise<object> =>
  Object.fromEntries((await log.join()).marks.entries())

const checks: readonly Check[] = [
  [
    'numbers grow by one in one era, and a join tells where they stand',
    async ({ log }) => {
      const one = log('a')
      const head = await one.join()
      assert.deepEqual([head.n, head.floor, head.marks.size], [0, 0, 0])
      assert.deepEqual(await one.append(['t:x']), { era: head.era, n: 1 })
      assert.deepEqual(await one.append(['t:y', 's:space']), { era: head.era, n: 2 })
      const again = await log('a').join()
      assert.deepEqual([again.era, again.n], [head.era, 2])
    },
  ],
  [
    'a join gives the newest number of each mark',
    async ({ log }) => {
      const one = log('a')
      await one.join()
      await one.append(['t:x', 't:y'])
      await one.append(['t:x'])
      await one.append(['n:租户 "1"', "t:it's"])
      assert.deepEqual(await marksOf(log('a')), { 't:x': 2, 't:y': 1, 'n:租户 "1"': 3, "t:it's": 3 })
    },
  ],
  [
    'records that are written at once have numbers of their own',
    async ({ log }) => {
      const one = log('a')
      await one.join()
      const positions = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => one.append([`t:${index % 3}`])),
      )
      assert.deepEqual(
        positions.map(({ n }) => n).toSorted((a, b) => a - b),
        Array.from({ length: 30 }, (_, index) => index + 1),
      )
      const newest = Math.max(...positions.filter((_, index) => index % 3 === 0).map(({ n }) => n))
      assert.equal((await log('a').join()).marks.get('t:0'), newest)
    },
  ],
  [
    'pruning forgets marks up to the floor, and the floor never sinks',
    async ({ log }) => {
      const one = log('a')
      await one.join()
      for (const mark of ['t:1', 't:2', 't:3']) await one.append([mark])
      await one.prune(2)
      await one.prune(1)
      const { n, floor } = await log('a').join()
      assert.deepEqual([n, floor], [3, 2])
      assert.deepEqual(await marksOf(log('a')), { 't:3': 3 })
      assert.equal((await one.append(['t:4'])).n, 4)
    },
  ],
  [
    'catalogs are apart',
    async ({ log }) => {
      const [one, two] = [log('a'), log('b')]
      await one.join()
      await two.join()
      await one.append(['t:x'])
      await one.append(['t:x'])
      assert.equal((await two.append(['t:y'])).n, 1)
      await two.prune(1)
      assert.deepEqual([await marksOf(log('a')), await marksOf(log('b'))], [{ 't:x': 2 }, {}])
      assert.equal((await log('a').join()).floor, 0)
    },
  ],
]

/** The cases that every invalidation log passes; `open` gives an empty place each time. */
export function logConformance(open: () => Promise<LogsUnderTest>): readonly ConformanceCase[] {
  return checks.map(([name, check]) => ({
    name,
    async run() {
      const logs = await open()
      try {
        await check(logs)
      } finally {
        await logs.close()
      }
    },
  }))
}
