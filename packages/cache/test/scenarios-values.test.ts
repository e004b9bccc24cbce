/** Rows of the table of interleavings that are about values, their lives and formats, and who may trust memory. */
import { type SpaceBase, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Handle, SimulatedProcess } from '../src/testing/simulation/process.ts'
import { type Stage, createStage } from '../src/testing/simulation/stage.ts'

const id = { id: 1 }

/** Processes that share one space, `note`, whose policy a test chooses. */
async function sharing(
  policy: Partial<Parameters<typeof defineSpace<'note', 'note:{id}', z.ZodNumber>>[0]>,
  more: readonly SpaceBase[] = [],
): Promise<{
  stage: Stage
  a: SimulatedProcess
  b: SimulatedProcess
  of(process: SimulatedProcess): Handle
}> {
  const stage = createStage()
  const space = defineSpace({ name: 'note', key: 'note:{id}', schema: z.number(), ttl: 60_000, ...policy })
  const options = { spaces: [space, ...more], lease: 2_000 }
  const [a, b] = [await stage.start('a', options), await stage.start('b', options)]
  return { stage, a, b, of: (process) => process.handle('note') }
}

describe('scenarios: values and trust', () => {
  test('10 an upper copy refills the shared store after a deletion; and nothing shared lives below it', async () => {
    const { stage, a, b, of } = await sharing({})
    await stage.come(of(a).getOrLoad(id, () => 1))
    const record = a.link.hold('next', 'reply')
    await stage.come(of(b).delete(id))
    await stage.pass(2)
    expect([record.caught, await stage.come(of(a).get(id))]).toEqual([true, 1])
    await stage.pass(20)
    expect(stage.server.read('sim:note:1')).toBeUndefined()
    record.release()
    await stage.pass(10)
    expect(of(a).peek(id)).toBeUndefined()
    const { shared } = stage.link()
    const catalog = defineCatalog({ prefix: 'sim', spaces: [] })
    await expect(createCache({ catalog, shared, tiers: [] })).rejects.toMatchObject({
      code: 'E_OPTION_INVALID',
    })
  })

  test('18 previous and notModified revive an invalidated value; a stale answer does', async () => {
    const { stage, a, b, of } = await sharing({ ttl: 100, staleIfError: '1h', backoff: false })
    await stage.come(of(a).getOrLoad(id, () => 1))
    await stage.pass(150)
    const seen: unknown[] = []
    const renew = of(a).getOrLoad(id, (context) => {
      seen.push(context.previous)
      return context.previous === undefined ? 2 : context.notModified()
    })
    expect(await stage.come(renew)).toBe(1)
    await stage.pass(150)
    await stage.come(of(b).delete(id))
    await stage.pass(10)
    const failing = of(a).getOrLoad(id, (context) => {
      seen.push(context.previous)
      throw new Error('down')
    })
    await expect(stage.come(failing)).rejects.toMatchObject({ code: 'E_LOADER_FAILED' })
    expect(seen).toEqual([1, undefined])
  })

  // Both clocks of a simulated process go on together; that the one that saw more decides is a line of follower.ts.
  test('20 bounded or strict behind a half-open socket', async () => {
    const stage = createStage()
    const [a, b] = [await stage.start('a'), await stage.start('b')]
    for (const space of ['plain', 'limited', 'strict'])
      await stage.come(a.handle(space).getOrLoad(id, () => 1))
    a.link.cut = true
    for (const space of ['plain', 'limited', 'strict']) await stage.come(b.handle(space).delete(id))
    await stage.pass(160)
    expect(await stage.come(a.handle('plain').get(id))).toBe(1)
    expect(a.handle('limited').peek(id)).toBeUndefined()
    expect(await stage.come(a.handle('limited').get(id))).toBeUndefined()
    await expect(stage.come(a.handle('strict').get(id))).rejects.toMatchObject({ code: 'E_TIER_READ' })
    await expect(stage.come(a.handle('strict').getOrLoad(id, () => 2))).rejects.toMatchObject({
      code: 'E_TIER_READ',
    })
  })

  test('20 the log was confirmed when the question was sent, not when its answer came', async () => {
    const stage = createStage()
    const [a, b] = [await stage.start('a', { deadline: 5_000 }), await stage.start('b')]
    await stage.come(a.handle('limited').getOrLoad(id, () => 1))
    const answer = a.link.hold('next', 'reply')
    await stage.pass(30)
    expect(answer.caught).toBe(true)
    await stage.come(b.handle('limited').delete(id))
    await stage.pass(200)
    a.link.hold('next', 'reply')
    answer.release()
    await stage.pass(2)
    expect(a.handle('limited').peek(id)).toBeUndefined()
  })

  test('21 a document of another program: its value is read, its tags are those of its parameters', async () => {
    const { stage, a, b, of } = await sharing({ format: 'document', tags: () => ['user:7'] })
    await stage.come(of(a).set(id, 1, { tags: ['extra'] }))
    await stage.pass(30)
    stage.server.writeForeign('sim:note:1', '2')
    expect(await stage.come(of(b).get(id))).toBe(2)
    expect((await stage.come(of(b).find(id)))?.tags).toEqual(['user:7'])
    await stage.come(a.cache.invalidate({ tags: ['user:7'] }))
    await stage.pass(10)
    expect(of(b).peek(id)).toBeUndefined()
    await stage.come(of(b).delete(id))
    expect(await stage.come(of(a).getOrLoad(id, () => 3))).toBe(3)
    await stage.pass(10)
    expect(await stage.come(of(b).get(id))).toBe(3)
  })

  test('22 a deploy changes the tags function: stored and computed tags both kill', async () => {
    for (const tag of ['old', 'new']) {
      const { stage, a, b, of } = await sharing({ tags: () => ['old'] })
      const space = defineSpace({
        name: 'note',
        key: 'note:{id}',
        schema: z.number(),
        ttl: 60_000,
        tags: () => ['new'],
      })
      const deployed = await stage.start('c', { spaces: [space] })
      await stage.come(of(a).getOrLoad(id, () => 1))
      await stage.pass(10)
      expect(await stage.come(of(deployed).get(id))).toBe(1)
      b.link.hold('list')
      await stage.come(b.cache.invalidate({ tags: [tag] }))
      await stage.pass(10)
      expect(stage.server.read('sim:note:1')).toBeDefined()
      expect(await stage.come(of(deployed).get(id)), `by ${tag}`).toBeUndefined()
    }
  })

  test.each(['entry', 'document'] as const)(
    '24 a slow reply lengthens the life of a value: %s',
    async (format) => {
      const { stage, a, b, of } = await sharing({ format, ttl: 100 })
      await stage.come(of(a).set(id, 1))
      const end = stage.scheduler.now() + 100
      const reply = b.link.hold('read', 'reply')
      const reading = of(b).get(id)
      await stage.pass(50)
      reply.release()
      expect(await stage.come(reading)).toBe(1)
      expect(of(b).peek(id)).toBe(1)
      await stage.pass(end - stage.scheduler.now())
      expect(of(b).peek(id)).toBeUndefined()
      expect(await stage.come(of(b).get(id))).toBeUndefined()
    },
  )

  test('26 every memory tier refreshes ahead in turn: one loads, the other takes what it made', async () => {
    const { stage, a, b, of } = await sharing({ ttl: 1_000, refreshAhead: 400 })
    await stage.come(of(a).getOrLoad(id, () => 1))
    await stage.pass(10)
    expect(await stage.come(of(b).get(id))).toBe(1)
    await stage.pass(700)
    let loads = 0
    const load = (): number => (loads += 1) + 1
    expect(await stage.come(of(a).getOrLoad(id, load))).toBe(1)
    await stage.pass(20)
    expect(await stage.come(of(b).getOrLoad(id, load))).toBe(1)
    await stage.pass(20)
    expect([of(a).peek(id), of(b).peek(id), loads]).toEqual([2, 2, 1])
  })

  test('28 two applications share a prefix', async () => {
    const { stage, a } = await sharing({})
    const { shared } = stage.link({ descriptor: 'another application' })
    const opening = createCache({ catalog: a.cache.catalog, shared })
    await expect(stage.come(opening)).rejects.toMatchObject({ code: 'E_CATALOG_SHARED' })
  })
})
