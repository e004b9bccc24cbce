import { createHash } from 'node:crypto'
import { openResults, openTimelines } from '@reprise/results'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { embedded, failure, newSite, rig } from './rig.ts'

/** Faults that were found by reading, each with the test that showed it. */
describe('results, found by reading', () => {
  const week = 7 * 86_400_000

  test('R01 a result that still holds keeps what it was derived from, so that invalidations find it', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    const derivation = { model: 'm', rank: 2, sources: ['doc'], cost: 3 }
    await here.write('app3_clue', 't', 'old', { derivation, tags: ['x'], score: 7 })
    await clock.advance(week)
    const { result } = await here.getOrGenerate('app3_clue', 't', ({ notModified }) => notModified(), {
      wait: true,
      tags: ['y'],
    })
    expect(result).toMatchObject({ value: 'old', tags: ['x', 'y'], score: 7 })
    expect(result?.derivation).toEqual({ model: 'm', rank: 2, sources: ['doc'] })
    expect(await here.invalidate({ source: 'doc' })).toEqual({ results: 2 })
    expect(await here.getLatest('app3_clue', 't')).toBeNull()
  })

  test.each(['id', 'source'] as const)(
    'R02 a result that was invalidated by its %s meanwhile does not come back as one that still holds',
    async (kind) => {
      const { results, site, clock } = await rig()
      const here = results.forSite(site)
      const { id } = await here.write('app3_clue', 't', 'old', { derivation: { sources: ['doc'] } })
      await clock.advance(week)
      const asked = here.getOrGenerate(
        'app3_clue',
        't',
        async ({ notModified }) => {
          await here.invalidate(kind === 'id' ? { id } : { source: 'doc' }, { by: 'ann' })
          return notModified()
        },
        { wait: true },
      )
      expect(await failure(asked)).toMatchObject({ code: 'E_RESULT_INVALIDATED' })
      expect(await here.getLatest('app3_clue', 't')).toBeNull()
      expect(await here.getHistory('app3_clue', 't')).toEqual([])
    },
  )

  test('R03 what still holds is not put through its schema again, which may take something else', async () => {
    const { clock } = await rig()
    const types = { price: { schema: z.string().transform(Number), expires: '1d' } } as const
    const results = await openResults({ database: embedded, types, clock })
    const here = results.forSite(newSite())
    await here.write('price', 't', '12')
    await clock.advance(86_400_000)
    const renew = here.getOrGenerate('price', 't', ({ notModified }) => notModified(), { wait: true })
    expect((await renew).value).toBe(12)
    await results.close()
  })

  test('R04 names that a database would take for one another are refused, and sites stay apart', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    expect(() => results.forSite('\ud800')).toThrow(/well-formed/)
    for (const refused of [
      here.write('app3_clue', '\udc00', 1),
      here.write('app3_clue', 't', 1, { tags: ['a\ud800'] }),
      here.write('app3_clue', 't', 1, { derivation: { sources: ['\ud800\ud800'] } }),
    ])
      expect(await failure(refused)).toMatchObject({ code: 'E_RESULT_OPTION' })
    expect((await here.write('app3_clue', '台球 🎱', 1)).target).toBe('台球 🎱')
  })

  test('R05 a target that is undefined does not invalidate every target', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    await here.write('app3_clue', 't', 'mine')
    const what = { type: 'app3_clue', target: undefined as unknown as string }
    expect(await failure(here.invalidate(what))).toMatchObject({ code: 'E_RESULT_OPTION' })
    expect(await here.getLatest('app3_clue', 't')).not.toBeNull()
  })

  test('R06 nothing is generated once the results were closed, and nobody waits on', async () => {
    const { results, other, site, clock } = await rig()
    const there = await other({ holder: 'there' })
    await there.forSite(site).begin('app3_clue', 'theirs')
    let calls = 0
    const generate = (): number => (calls += 1)
    const here = results.forSite(site)
    const joining = failure(here.getOrGenerate('app3_clue', 'theirs', generate))
    const asked = ['app3_clue', 'app4_analysis'].map((type) =>
      failure(here.getOrGenerate(type as 'app3_clue', 't', generate)),
    )
    const begun = failure(here.begin('app5_tactics', 't'))
    await results.close()
    for (const error of await Promise.all([...asked, begun]))
      expect(error).toMatchObject({ code: 'E_RESULT_CLOSED' })
    await clock.advance(1_000)
    expect(await joining).toMatchObject({ code: 'E_RESULT_CLOSED' })
    expect(calls).toBe(0)
    // Nor is anything in the way of the next process.
    expect(await there.forSite(site).begin('app5_tactics', 't')).toMatchObject({ role: 'generator' })
  })

  test('R07 who waits for a generation of results that are closed takes over, as from a process that was killed', async () => {
    const { results, other, site, clock } = await rig()
    const there = await other({ holder: 'there' })
    const begun = await there.forSite(site).begin('app3_clue', 't')
    const asked = results.forSite(site).getOrGenerate('app3_clue', 't', () => 'taken over')
    await clock.advance(100)
    await there.close()
    await clock.advance(1_000)
    expect(await asked).toMatchObject({ from: 'generated', value: 'taken over' })
    expect(begun.signal.aborted).toBe(true)
  })

  test('R08 who waits for an answer that is not kept makes one for itself', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    let calls = 0
    const generate = async ({ skip }: { readonly skip: () => void }): Promise<number> => {
      skip()
      await clock.settle()
      return (calls += 1)
    }
    const asked = [1, 2, 3].map(() => here.getOrGenerate('app3_clue', 't', generate))
    const ends = Promise.all(asked)
    await clock.advance(5_000)
    expect(new Set((await ends).map(({ value, from }) => `${String(value)} ${from}`))).toEqual(
      new Set(['1 unsaved', '2 unsaved', '3 unsaved']),
    )
  })

  test('R09 the longest names are cached, and forgotten, like short ones', async () => {
    const { results, warnings } = await rig({ cached: true })
    const here = results.forSite('店'.repeat(200))
    const target = ':客'.repeat(200)
    for (const forget of [{ type: 'app3_clue', target }, { type: 'app3_clue' }, { tag: 'x' }] as const) {
      await here.write('app3_clue', target, 'x', { tags: ['x'] })
      expect(await here.getLatest('app3_clue', target)).toMatchObject({ value: 'x', target })
      await here.invalidate(forget)
      expect(await here.getLatest('app3_clue', target)).toBeNull()
    }
    // Whoever knows how long names are shortened does not get at one by its short form.
    await here.write('app3_clue', target, 'secret')
    await here.getLatest('app3_clue', target)
    const short = `sha256-${createHash('sha256').update(target).digest('base64url')}`
    expect(await here.getLatest('app3_clue', short)).toBeNull()
    expect(warnings).toEqual([])
  })

  test('R10 every upgrade that a generation left running hears of its end', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    const signals: AbortSignal[] = []
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const { result } = await here.getOrGenerate('app3_clue', 't', ({ upgrade }) => {
      for (const name of ['better', 'best'])
        upgrade(
          async ({ signal }) => {
            signals.push(signal)
            await ended
          },
          { name },
        )
      return 1
    })
    await here.invalidate({ id: result?.id ?? 0 })
    end()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  })

  test('R11 a schema may ask the database, and no change of the site waits for it', async () => {
    const { clock } = await rig()
    const site = newSite()
    const known = z.string().refine(async (name) => {
      const { rows } = await embedded.query<{ known: boolean }>('select $1 <> $2 as known', [name, 'nobody'])
      return rows[0]?.known
    })
    const results = await openResults({ database: embedded, types: { member: { schema: known } }, clock })
    const here = results.forSite(site)
    const generation = await here.begin('member', 't')
    expect(await failure(generation.finalize('nobody'))).toMatchObject({ code: 'E_RESULT_VALUE' })
    const { id } = await generation.finalize('ann')
    expect(await here.upgrade(id, 'bea', { derivation: { rank: 2 } })).toBe('kept')
    expect((await here.getOrGenerate('member', 'u', () => 'cleo')).from).toBe('generated')
    await results.close()
  })

  test('R12 what no database takes is refused with a code of the table, and for ever has an end nowhere', async () => {
    const { results, site, other } = await rig()
    const here = results.forSite(site)
    const refusals = [1.5, Number.NaN, 2 ** 70, 'x' as unknown as number].flatMap((id) => [
      here.find(id),
      here.finalize(id, 1),
      here.fail(id, 'why'),
      here.heartbeat(id),
      here.upgrade(id, 1, { derivation: { rank: 1 } }),
      here.invalidate({ id }),
    ])
    const others = [
      here.invalidate({ tag: 'a\0' }),
      here.invalidate({ source: 's'.repeat(3_000) }),
      here.invalidate({ type: 'few' }, { by: 'a\0' }),
      here.invalidate({ type: 'few' }, { reason: '\ud800' }),
      other({ lease: Infinity }),
    ]
    for (const error of await Promise.all([...refusals, ...others].map(failure)))
      expect(error).toMatchObject({ code: 'E_RESULT_OPTION' })
    for (const expires of ['999999999d', Number.MAX_VALUE] as const)
      expect(await here.write('few', 't', 1, { expires })).toMatchObject({ expiresAt: null })
  })
})

describe('timelines, found by reading', () => {
  test('R13 a payload that is too deep for a stack is refused as one, and is not an accident', async () => {
    const timelines = await openTimelines({ database: embedded, sweepEvery: Infinity })
    const site = timelines.forSite(newSite())
    const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
    const append = (depth: number): Promise<unknown> =>
      site.appendEvent({ sessionId: 's', category: 'c', payload: deep(depth) })
    expect(await failure(append(100_000))).toMatchObject({ code: 'E_TIMELINE_PAYLOAD' })
    expect(await failure(append(1_001))).toMatchObject({ code: 'E_TIMELINE_PAYLOAD' })
    await append(1_000)
    expect((await site.latest({ sessionId: 's', category: 'c' }))?.payload).toEqual(deep(1_000))
    await timelines.close()
  })
})
