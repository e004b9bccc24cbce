import { defineSpace, race } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createStage } from '../src/testing/simulation/stage.ts'
import { gate, lastingLog, notes, rig } from './rig.ts'

describe('races of several entries', () => {
  const many = [1, 2, 3].map((id) => ({ user: 'u', id }))

  async function raceMany() {
    const clock = createFakeClock()
    const records = new Map()
    const tier = mapTier({ clock, records })
    const written: number[] = []
    const counting = {
      ...tier,
      async write(given: Parameters<typeof tier.write>[0]) {
        written.push(given.length)
        await tier.write(given)
      },
    }
    const { cache } = await rig(notes(), { clock, tiers: [counting], log: lastingLog() })
    let end!: (values: readonly string[]) => void
    const premium = new Promise<readonly string[]>((resolve) => (end = resolve))
    const handle = cache.open(notes())
    const values = await handle.getOrLoadMany(many, (missing, context) =>
      race<readonly string[], 'fast' | 'premium'>({
        fast: () => missing.map(({ id }) => `fast ${String(id)}`),
        premium: () => premium,
      })(context),
    )
    expect(values).toEqual(['fast 1', 'fast 2', 'fast 3'])
    await clock.settle()
    written.splice(0)
    return { cache, clock, handle, written, end }
  }

  test('a better answer takes the place of all of them, in one write', async () => {
    const { cache, clock, handle, written, end } = await raceMany()
    end(['premium 1', 'premium 2', 'premium 3'])
    await clock.settle()
    expect(await handle.getMany(many)).toEqual(['premium 1', 'premium 2', 'premium 3'])
    expect(written).toEqual([3])
    expect((await handle.find(many[1] as never))?.meta.strategy).toBe('premium')
    await cache.close()
  })

  test('none of them where one was changed since', async () => {
    const { cache, clock, handle, written, end } = await raceMany()
    await handle.delete(many[1] as never)
    end(['premium 1', 'premium 2', 'premium 3'])
    await clock.settle()
    expect(await handle.getMany(many)).toEqual(['fast 1', undefined, 'fast 3'])
    expect(written).toEqual([])
    await cache.close()
  })

  test('none of them where one is not valid for its space', async () => {
    const { cache, clock, handle, end } = await raceMany()
    end(['premium 1', Number.NaN as never, 'premium 3'])
    await clock.settle()
    expect(await handle.getMany(many)).toEqual(['fast 1', 'fast 2', 'fast 3'])
    await cache.close()
  })
})

describe('races of several entries in a store that processes share', () => {
  const space = defineSpace({ name: 'item', key: 'item:{id}', schema: z.string(), ttl: '1h', backoff: false })
  const ids = [{ id: 1 }, { id: 2 }]

  test.each([false, true])(
    'both processes see all of the better values or none; one deleted: %s',
    async (deletes) => {
      const stage = createStage()
      const [a, b] = [
        await stage.start('a', { spaces: [space] }),
        await stage.start('b', { spaces: [space] }),
      ]
      const [one, other] = [a.cache.open(space), b.cache.open(space)]
      const premium = gate()
      const values = one.getOrLoadMany(ids, (missing, context) =>
        race<readonly string[], 'fast' | 'premium'>({
          fast: () => missing.map(() => 'fast'),
          premium: () => premium.passed.then(() => missing.map(() => 'premium')),
        })(context),
      )
      expect(await stage.come(values)).toEqual(['fast', 'fast'])
      await stage.pass(10)
      expect(await stage.come(other.getMany(ids))).toEqual(['fast', 'fast'])
      if (deletes) {
        // Process a has not heard of it when the better values come.
        const append = b.link.hold('append')
        const deleted = other.delete({ id: 2 })
        await stage.pass(10)
        premium.open()
        await stage.pass(30)
        append.release()
        await stage.come(deleted)
      } else premium.open()
      await stage.pass(40)
      const expected = deletes ? ['fast', undefined] : ['premium', 'premium']
      for (const handle of [one, other]) expect(await stage.come(handle.getMany(ids))).toEqual(expected)
    },
  )
})
