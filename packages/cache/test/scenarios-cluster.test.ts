/** What many processes at once may count on: one loader, and nobody waits for ever. */
import { describe, expect, test } from 'vitest'
import type { SimulatedProcess } from '../src/testing/simulation/process.ts'
import { type Stage, createStage } from '../src/testing/simulation/stage.ts'

const id = { id: 1 }

async function processes(
  stage: Stage,
  count: number,
  lease: number,
): Promise<[SimulatedProcess, ...SimulatedProcess[]]> {
  const started: SimulatedProcess[] = []
  for (let index = 0; index < count; index += 1)
    started.push(await stage.start(`p${index}`, { lease, deadline: 150 }))
  return started as [SimulatedProcess, ...SimulatedProcess[]]
}

describe('scenarios: one loader', () => {
  test('4 processes with 50 reads each of a cold key call one loader', async () => {
    const stage = createStage()
    let calls = 0
    const load = async (): Promise<number> => {
      calls += 1
      await stage.sleep(100)
      return 7
    }
    const all = await processes(stage, 4, 2_000)
    const reads = all.flatMap((process) =>
      Array.from({ length: 50 }, () => process.handle('plain').getOrLoad(id, load)),
    )
    const values = await stage.come(Promise.all(reads))
    expect([values.length, new Set(values), calls]).toEqual([200, new Set([7]), 1])
  })

  test('a load of 30 s under a lease of 2 s runs once', async () => {
    const stage = createStage()
    let calls = 0
    const load = async (): Promise<number> => {
      calls += 1
      await stage.sleep(30_000)
      return 7
    }
    const all = await processes(stage, 4, 2_000)
    const values = await stage.come(
      Promise.all(all.map((process) => process.handle('plain').getOrLoad(id, load))),
    )
    expect([values, calls]).toEqual([[7, 7, 7, 7], 1])
    expect(stage.scheduler.now()).toBeLessThan(30_100)
  })
})

describe('scenarios: nothing waits for ever', () => {
  test.each([100, 2_000, 5_000])(
    'the holder of a lease of %i ms dies while 3 processes wait: one takes over within the lease and 250 ms',
    async (lease) => {
      const stage = createStage()
      const [holder, ...waiting] = await processes(stage, 4, lease)
      const tookOver: number[] = []
      void holder.handle('plain').getOrLoad(id, async () => stage.sleep(60_000).then(() => 1))
      await stage.pass(lease / 2)
      const reads = waiting.map((process) =>
        process.handle('plain').getOrLoad(id, async () => {
          tookOver.push(stage.scheduler.now())
          await stage.sleep(10)
          return 2
        }),
      )
      await stage.pass(lease)
      expect(tookOver).toEqual([])
      const diedAt = stage.scheduler.now()
      holder.alive = false
      holder.link.cut = true
      expect(await stage.come(Promise.all(reads))).toEqual([2, 2, 2])
      expect(tookOver).toHaveLength(1)
      expect((tookOver[0] ?? Infinity) - diedAt).toBeLessThanOrEqual(lease + 250)
    },
  )

  test('a lost wake-up costs at most one poll', async () => {
    const stage = createStage()
    const [a, b] = (await processes(stage, 2, 2_000)) as [SimulatedProcess, SimulatedProcess]
    const loading = a.handle('plain').getOrLoad(id, async () => stage.sleep(100).then(() => 1))
    await stage.pass(10)
    const waiting = b.handle('plain').getOrLoad(id, () => 2)
    await stage.pass(60)
    b.link.cut = true
    expect(await stage.come(loading)).toBe(1)
    const endedAt = stage.scheduler.now()
    await stage.pass(20)
    b.link.cut = false
    expect(await stage.come(waiting)).toBe(1)
    expect(stage.scheduler.now() - endedAt).toBeLessThan(250)
  })
})
