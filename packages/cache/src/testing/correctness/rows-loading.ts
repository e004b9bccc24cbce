import { type Row, outcome } from './row.ts'
import { elapse, settled, until } from './waiting.ts'

const failing = async (takes: number): Promise<never> => {
  if (takes > 0) await elapse(takes)
  throw new Error('the source is down')
}

/** Rows about how often a source is asked. */
export const loadingRows: readonly Row[] = [
  {
    id: 'stampede',
    title: 'one cold key, 4 processes',
    needs: [],
    async run(stage) {
      const processes = await Promise.all([1, 2, 3, 4].map(() => stage.openProcess()))
      const reads = processes.flatMap((process) =>
        Array.from({ length: 25 }, () => process.getOrLoad('cold', { value: 'v', takes: 500 })),
      )
      const answers = await Promise.all(reads)
      const calls = answers.reduce((sum, answer) => sum + answer.calls, 0)
      return outcome(
        [
          calls !== 1 && `${calls} loader calls`,
          answers.some(({ value }) => value !== 'v') && 'wrong values',
        ],
        `${calls} of 100 reads in 4 processes called the loader`,
      )
    },
  },
  {
    id: 'source-down',
    title: '30 reads while the source is down',
    needs: [],
    async run(stage) {
      const cache = await stage.open()
      let calls = 0
      let answered = 0
      for (let read = 0; read < 30; read += 1) {
        const load = (): Promise<never> => {
          calls += 1
          return failing(0)
        }
        const result = await settled(cache.getOrLoad('down', load), 5_000)
        if (result === 'late' || 'value' in result) answered += 1
      }
      return outcome(
        [calls > 5 && 'no backoff', answered > 0 && `${answered} reads did not fail`],
        `${calls} upstream calls`,
      )
    },
  },
  {
    id: 'failing-waiters',
    title: '50 waiters on a failing 100 ms loader',
    needs: [],
    async run(stage) {
      const cache = await stage.open()
      let calls = 0
      const load = (): Promise<never> => {
        calls += 1
        return failing(100)
      }
      const start = performance.now()
      const results = await Promise.all(
        Array.from({ length: 50 }, () => settled(cache.getOrLoad('fails', load), 15_000)),
      )
      const seconds = (performance.now() - start) / 1_000
      const late = results.filter((result) => result === 'late').length
      return outcome(
        [
          calls !== 1 && 'the failure is not shared',
          seconds > 1 && 'waiters wait in turn',
          late > 0 && `${late} hang`,
        ],
        `${calls} calls, ${seconds.toFixed(1)} s`,
      )
    },
  },
  {
    id: 'tokens',
    title: '20 concurrent cold token fetches',
    needs: [],
    async run(stage) {
      const cache = await stage.open()
      let issued = 0
      const fetch = async (): Promise<string> => {
        const token = `token-${(issued += 1)}`
        // The first fetch takes longest, as it may.
        await elapse(issued === 1 ? 60 : 30)
        return token
      }
      const tokens = await Promise.all(Array.from({ length: 20 }, () => cache.getOrLoad('token', fetch)))
      const last = `token-${issued}`
      const stored = await (await stage.open()).getOrLoad('token', fetch)
      return outcome(
        [
          issued !== 1 && `${issued} fetches`,
          (stored !== last || tokens.some((token) => token !== last)) &&
            `stored ${String(stored)}, issued ${last}`,
        ],
        `${issued} fetch, stored ${String(stored)}`,
      )
    },
  },
  {
    id: 'background-undefined',
    title: 'a background refresh returns undefined',
    needs: ['background-refresh'],
    async run(stage) {
      const remote = await stage.openProcess({ ttlMs: 1_000, staleMs: 60_000 })
      await remote.getOrLoad('k', { value: 'v' })
      const refreshing = async (): Promise<boolean> => {
        await settled(remote.getOrLoad('k', {}), 2_000)
        return remote.ended() !== undefined || (await remote.calls().catch(() => Infinity)) >= 2
      }
      // Reads are answered from the old value until one of them starts the refresh, which returns undefined.
      const refreshed = await until(refreshing, 5_000)
      for (let read = 0; read < 5; read += 1) await until(refreshing, 20)
      await elapse(100)
      const ended = remote.ended()
      return outcome(
        [ended ?? false, !refreshed && 'no refresh was started'],
        ended === undefined ? 'the process goes on' : '',
      )
    },
  },
]
