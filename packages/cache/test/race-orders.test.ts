/** Every order of fast answer, premium answer and change of the key, with every end of both, in one process. */
import { type Cache, type Tier, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type FakeClock, createFakeClock, mapTier } from '@reprise/cache/testing'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answerOf, type Case, cases, controlledRace, finalOf, title } from './race-cases.ts'
import { lastingLog } from './rig.ts'

const space = defineSpace({
  name: 'answer',
  key: 'answer:{id}',
  schema: z.string(),
  ttl: '1h',
  backoff: false,
  tags: ({ id }) => [`id-${String(id)}`],
})
const catalog = defineCatalog({ prefix: 'orders', spaces: [space] })

interface Place {
  /** Which cases are played; a database takes its time. @default all */
  readonly plays?: (one: Case, gap: number) => boolean
  readonly cache: Cache
  readonly clock: FakeClock
  /** What the tiers below have, without memory. */
  readonly below: readonly Tier[]
  end(): Promise<void>
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  memory: () => open([], {}),
  'packed memory': () => open([], { layout: 'packed' }),
  'memory of one entry over a tier': async () => {
    const clock = createFakeClock()
    return open([mapTier({ clock })], { maxEntries: 1 }, clock)
  },
  'two tiers': async () => {
    const clock = createFakeClock()
    return open([mapTier({ clock, name: 'near' }), mapTier({ clock, name: 'far' })], {}, clock)
  },
  'SQL on PGlite': async () => {
    const clock = createFakeClock()
    const database = new PGlite()
    const place = await open(
      [sqlTier({ database, clock })],
      {},
      clock,
      sqlLog({ database, catalog: 'orders' }),
    )
    return {
      ...place,
      plays: ({ fast, premium }, gap) => gap > 0 && fast === 'valid' && premium !== 'fails',
      async end() {
        await place.end()
        await database.close()
      },
    }
  },
}

async function open(
  tiers: readonly Tier[],
  memory: { maxEntries?: number; layout?: 'packed' },
  clock = createFakeClock(),
  log = lastingLog(),
): Promise<Place> {
  const cache = await createCache({ catalog, clock, memory, tiers, log, random: () => 0.5, sweepEvery: 0 })
  return { cache, clock, below: tiers, end: () => cache.close() }
}

async function play({ cache, clock }: Place, one: Case, id: string, gap: number): Promise<string> {
  const handle = cache.open(space)
  const raced = controlledRace()
  const asked = handle.getOrLoad({ id }, raced.loader).catch((error: { code: string }) => error.code)
  await clock.settle()
  const pending: Promise<unknown>[] = []
  for (const step of one.order) {
    if (step === 'change') {
      if (one.change === 'set') pending.push(handle.set({ id }, 'set'))
      if (one.change === 'delete' || one.change === 'reload') pending.push(handle.delete({ id }))
      if (one.change === 'tag') pending.push(cache.invalidate({ tags: [`id-${id}`] }))
      if (one.change === 'reload') {
        await Promise.all(pending)
        pending.push(handle.getOrLoad({ id }, ({ meta }) => (meta({ rank: 1 }), 'new')))
      }
    } else raced.end(step, one[step])
    if (gap > 0) await clock.advance(gap)
  }
  await clock.advance(1)
  await Promise.all(pending)
  return asked
}

describe.each(Object.keys(places))('races over %s', (name) => {
  let place: Place
  beforeAll(async () => void (place = await (places[name] as () => Promise<Place>)()))
  afterAll(() => place.end())

  test.each([0, 10])('every order, %i ms apart', async (gap) => {
    for (const [index, one] of cases.entries()) {
      // What is loaded anew is loaded after the deletion has resolved.
      if ((gap === 0 && one.change === 'reload') || place.plays?.(one, gap) === false) continue
      const id = `${gap}-${index}`
      const answer = await play(place, one, id, gap)
      const handle = place.cache.open(space)
      const first = answerOf(one)
      // Two that come in one turn of the loop are both there: the better one is the answer.
      const tie = gap === 0 && one.fast === 'valid' && one.premium === 'valid'
      expect(
        tie ? [first, 'premium'] : [first === 'failed' ? 'E_RACE_FAILED' : first],
        `of: ${title(one)}`,
      ).toContain(answer)
      const expected = finalOf(one)
      const found = await handle.find({ id })
      expect(found?.value, `of: ${title(one)}`).toBe(expected)
      if (expected === 'fast' || expected === 'premium')
        expect(found?.meta).toMatchObject({ strategy: expected, model: `model-${expected}` })
      for (const tier of place.below) {
        const [record] = await tier.read([handle.key({ id })])
        if (expected === undefined && one.change !== 'tag')
          expect(record, `of: ${title(one)}`).toBeUndefined()
        if (expected !== undefined) {
          const explained = await place.cache.explain(space, { id })
          expect(
            explained.tiers.every(({ state }) => state === 'fresh'),
            `of: ${title(one)}`,
          ).toBe(true)
        }
      }
    }
    expect(place.cache.stats().flights).toBe(0)
  })
})
