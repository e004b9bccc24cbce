/** Races where processes share a store: every order of answers and changes, and the interleavings that only `gen` closes. */
import { defineSpace } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { SpaceHandle } from '../src/handle.ts'
import type { Space, SpaceBase } from '../src/key/space.ts'
import { race } from '../src/race.ts'
import type { SimulatedProcess } from '../src/testing/simulation/process.ts'
import { type Stage, createStage } from '../src/testing/simulation/stage.ts'
import { type Case, answerOf, cases, controlledRace, finalOf, title } from './race-cases.ts'

const declare = (format: 'entry' | 'document'): SpaceBase =>
  defineSpace({
    name: format,
    key: `${format}:{id}`,
    schema: z.string(),
    ttl: '1h',
    backoff: false,
    format,
    tags: ({ id }: { readonly id: unknown }) => [`${format}-${String(id)}`],
  } as never)
const spaces = [declare('entry'), declare('document')]

const open = (process: SimulatedProcess, space: string) =>
  process.handle(space) as unknown as SpaceHandle<Space<string, '{id}', string>>

interface Pair {
  readonly stage: Stage
  readonly a: SimulatedProcess
  readonly b: SimulatedProcess
}

async function pair(): Promise<Pair> {
  const stage = createStage()
  return { stage, a: await stage.start('a', { spaces }), b: await stage.start('b', { spaces }) }
}

/** A pair where `a` has the fast answer of its race, and the premium one is still to come. */
async function halfRaced(id: { readonly id: number }) {
  const { stage, a, b } = await pair()
  const raced = controlledRace()
  const asked = open(a, 'entry').getOrLoad(id, raced.loader)
  await stage.pass(8)
  raced.end('fast', 'valid')
  expect(await stage.come(asked)).toBe('fast')
  await stage.pass(5)
  return { stage, a, b, raced }
}

/** Plays a case: `a` races, and `changer` changes the key. */
async function play(
  { stage, a }: Pair,
  one: Case,
  at: { id: number; space: string; changer: SimulatedProcess },
) {
  const { id, space, changer } = at
  const other = open(changer, space)
  const raced = controlledRace()
  const asked = open(a, space)
    .getOrLoad({ id }, raced.loader)
    .catch((error: { code: string }) => error.code)
  await stage.pass(8)
  for (const step of one.order) {
    if (step !== 'change') raced.end(step, one[step])
    else if (one.change === 'set') await stage.come(other.set({ id }, 'set'))
    else if (one.change === 'tag') await stage.come(changer.cache.invalidate({ tags: [`${space}-${id}`] }))
    else if (one.change !== 'none') await stage.come(other.delete({ id }))
    if (step === 'change' && one.change === 'reload')
      await stage.come(other.getOrLoad({ id }, ({ meta }) => (meta({ rank: 1 }), 'new')))
    await stage.pass(12)
  }
  await stage.pass(30)
  return stage.come(asked)
}

describe.each(['entry', 'document'])('races of two processes, format %s', (space) => {
  test.each(['a', 'b'] as const)('every order, changed by %s', async (changer) => {
    const both = await pair()
    for (const [id, one] of cases.entries()) {
      const answer = await play(both, one, { id, space, changer: both[changer] })
      const first = answerOf(one)
      expect(answer, `of: ${title(one)}`).toBe(first === 'failed' ? 'E_RACE_FAILED' : first)
      for (const process of [both.a, both.b]) {
        const found = await both.stage.come(open(process, space).find({ id }))
        expect(found?.value, `of: ${title(one)}`).toBe(finalOf(one))
        if (found?.value === 'fast' || found?.value === 'premium')
          expect(found.meta).toMatchObject({ strategy: found.value, model: `model-${found.value}` })
      }
    }
  })
})

describe('races and the line of values', () => {
  const id = { id: 1 }

  test('04 a late premium result does not overwrite what was loaded after a deletion whose record is still to come', async () => {
    const { stage, a, b, raced } = await halfRaced(id)
    await stage.pass(5)
    // The deletion is done in the store; its record, which would tell process a, is under way.
    const append = b.link.hold('append')
    const deleted = open(b, 'entry').delete(id)
    await stage.pass(10)
    expect(append.caught).toBe(true)
    const c = await stage.start('c', { spaces })
    expect(await stage.come(open(c, 'entry').getOrLoad(id, ({ meta }) => (meta({ rank: 1 }), 'new')))).toBe(
      'new',
    )
    await stage.pass(10)
    raced.end('premium', 'valid')
    await stage.pass(20)
    append.release()
    await stage.come(deleted)
    for (const process of [a, b, c]) expect(await stage.come(open(process, 'entry').get(id))).toBe('new')
  })

  test('an upgrade survives a refresh of the same rank, a touch, and an upgrade of another process', async () => {
    const { stage, a, b, raced: one } = await halfRaced(id)
    const two = controlledRace()
    expect(await stage.come(open(b, 'entry').touch(id, '2h'))).toBe(true)
    const forced = open(b, 'entry').getOrLoad(id, two.loader, { forceRefresh: true })
    await stage.pass(8)
    two.end('fast', 'valid')
    await stage.come(forced)
    await stage.pass(5)
    one.end('premium', 'valid')
    await stage.pass(20)
    for (const process of [a, b])
      expect((await stage.come(open(process, 'entry').find(id)))?.meta.strategy).toBe('premium')
    expect(two.signals.premium?.aborted).toBe(false)
  })

  test('a fast answer of another process does not replace a fresh premium one, whatever it has in memory', async () => {
    const { stage, a, b, raced } = await halfRaced(id)
    expect(await stage.come(open(b, 'entry').get(id))).toBe('fast')
    // The upgrade is in the store; its record, which would tell b, is under way when b forces a load.
    const append = a.link.hold('append')
    raced.end('premium', 'valid')
    await stage.pass(15)
    expect(append.caught).toBe(true)
    expect(open(b, 'entry').peek(id)).toBe('fast')
    const forced = open(b, 'entry').getOrLoad(
      id,
      race({ fast: async () => (await stage.sleep(20), 'fast again') }),
      { forceRefresh: true },
    )
    expect(await stage.come(forced)).toBe('fast again')
    append.release()
    await stage.pass(40)
    for (const process of [a, b]) expect(await stage.come(open(process, 'entry').get(id))).toBe('premium')
  })

  test('an upgrade waits for a load of another process and is compared with what that kept', async () => {
    const { stage, a, b, raced } = await halfRaced(id)
    const best = open(b, 'entry').getOrLoad(
      id,
      async ({ meta }) => {
        meta({ strategy: 'best', rank: 9 })
        await stage.sleep(100)
        return 'best'
      },
      { forceRefresh: true },
    )
    await stage.pass(20)
    raced.end('premium', 'valid')
    await stage.pass(20)
    expect(await stage.come(open(a, 'entry').get(id))).toBe('fast')
    expect(await stage.come(best)).toBe('best')
    await stage.pass(250)
    for (const process of [a, b]) expect(await stage.come(open(process, 'entry').get(id))).toBe('best')
  })

  test('a store that was away when the fast answer was kept is never upgraded', async () => {
    const { stage, a, b } = await pair()
    a.link.cut = true
    const raced = controlledRace()
    const asked = open(a, 'entry').getOrLoad(id, raced.loader)
    await stage.pass(200)
    raced.end('fast', 'valid')
    expect(await stage.come(asked)).toBe('fast')
    a.link.cut = false
    raced.end('premium', 'valid')
    await stage.pass(50)
    expect(stage.server.read('sim:entry:1')).toBeUndefined()
    expect(await stage.come(open(b, 'entry').get(id))).toBeUndefined()
  })
})
