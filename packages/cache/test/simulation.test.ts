import { describe, expect, test } from 'vitest'
import { runSchedule } from '../src/testing/simulation/schedule.ts'

/** Runs the schedules of many seeds; what is broken names its seed, which `npm run simulate -- --seed N` replays. */
async function hunt(
  from: number,
  count: number,
  faults: boolean,
): Promise<{ broken: string[]; reads: number; loads: number; upgrades: number }> {
  const broken: string[] = []
  let reads = 0
  let loads = 0
  let upgrades = 0
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await runSchedule(seed, { faults })
    reads += outcome.reads
    loads += outcome.loads
    upgrades += outcome.upgrades
    broken.push(...outcome.broken.map((what) => `seed ${seed}: ${what}`))
  }
  return { broken, reads, loads, upgrades }
}

describe('simulation: the engine over a model of the shared store', () => {
  test('1 500 random schedules with faults keep every promise', async () => {
    const { broken, reads, loads, upgrades } = await hunt(1, 1_500, true)
    expect(broken).toEqual([])
    // The schedules really read, load and upgrade, or the promise would be empty.
    expect(reads).toBeGreaterThan(20_000)
    expect(loads).toBeGreaterThan(5_000)
    expect(upgrades).toBeGreaterThan(500)
  })

  test('500 random schedules in fair weather keep every promise', async () => {
    expect((await hunt(1_000_001, 500, false)).broken).toEqual([])
  })

  test('a seed reproduces its schedule, line by line', async () => {
    const tell = async (): Promise<string[]> => {
      const lines: string[] = []
      await runSchedule(7, { tell: (line) => lines.push(line) })
      return lines
    }
    const first = await tell()
    expect(first.length).toBeGreaterThan(20)
    expect(await tell()).toEqual(first)
  })
})
