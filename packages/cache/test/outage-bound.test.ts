import { expect, test } from 'vitest'
import { createStage } from '../src/testing/simulation/stage.ts'

/** The deadline of a call in the simulation. */
const deadline = 60
const loader = 10

test.each(['plain', 'limited'])(
  'a frozen store costs a read of a %s space its deadline, and the ones behind it no more',
  async (space) => {
    const stage = createStage()
    const process = await stage.start('p')
    const handle = process.handle(space)
    const took = async (id: number): Promise<number> => {
      const calledAt = stage.scheduler.now()
      let endedAt = calledAt
      const load = async (): Promise<number> => {
        await new Promise<void>((resolve) => stage.scheduler.after(loader, resolve))
        return id
      }
      await stage.come(handle.getOrLoad({ id }, load).then(() => (endedAt = stage.scheduler.now())))
      return endedAt - calledAt
    }
    stage.weather.frozenUntil = stage.scheduler.now() + 4_000
    for (let id = 1; id <= 10; id += 1) expect(await took(id)).toBeLessThanOrEqual(deadline + loader + 1)
    await stage.pass(4_000)
    expect(await took(100)).toBeLessThanOrEqual(loader + 20)
  },
)
