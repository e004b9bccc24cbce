import { openResults } from '@reprise/results'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { embedded, newSite, rig, start } from './rig.ts'

const day = 86_400_000
const iso = (instant: number): string => new Date(instant).toISOString()

describe('a written result', () => {
  test('comes back as it was, with its instants in ISO, until it ends', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    const value = { text: '\u{1F3B1} "八号球"\\ \0', list: [0, '', null, {}], z: 1, a: 2 }
    const derivation = {
      model: 'qwen-max',
      strategy: 'premium',
      rank: 2,
      cost: 0.031,
      promptVersion: 'v7',
      inputsDigest: 'sha256:1',
      sources: ['document-1'],
      tokens: { input: 1200, output: 340 },
    }
    const said = { score: 0.7, tags: ['nightly'], triggeredBy: 'ai_consumption_settled', derivation }
    const written = await here.write('app3_clue', 'member-1', value, said)
    const found = await here.getLatest('app3_clue', 'member-1')
    expect(found).toEqual(written)
    expect(found).toMatchObject({
      site,
      status: 'valid',
      value,
      ...said,
      createdAt: iso(start),
      finishedAt: iso(start),
    })
    expect(found?.expiresAt).toBe(iso(start + 7 * day))
    await clock.advance(7 * day - 1)
    expect(await here.getLatest('app3_clue', 'member-1')).not.toBeNull()
    await clock.advance(1)
    expect(await here.getLatest('app3_clue', 'member-1')).toBeNull()
  })

  test.each([0, '', null, false, {}, []])('that is %j is a result', async (value) => {
    const { results, site } = await rig()
    await results.forSite(site).write('app1_chat', 't', value)
    expect(await results.forSite(site).getLatest('app1_chat', 't')).toMatchObject({ value })
  })

  test.each([
    ['app3_clue', 7],
    ['app4_analysis', 7],
    ['app5_tactics', 7],
    ['app6_note_analysis', 30],
    ['app7_customer_analysis', 7],
    ['app8_clue_consolidated', 7],
    ['app1_chat', undefined],
  ] as const)('of %s lives %s days (row D3)', async (type, days) => {
    const { results, site } = await rig()
    const { expiresAt } = await results.forSite(site).write(type, 't', 1)
    expect(expiresAt).toBe(days === undefined ? null : iso(start + days * day))
  })

  test('of app2_finance ends with the day in Shanghai, and is not born expired in its last second', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    const midnight = Date.UTC(2026, 0, 1, 16)
    await clock.advance(midnight - 3_600_000 - start)
    expect((await here.write('app2_finance', 'today', 1)).expiresAt).toBe(iso(midnight))
    await clock.advance(3_600_000 - 500)
    const late = await here.write('app2_finance', 'late', 2)
    expect(late.expiresAt).toBe(iso(midnight + 500))
    expect(await here.getLatest('app2_finance', 'late')).toMatchObject({ value: 2 })
    await clock.advance(500)
    expect(await here.getLatest('app2_finance', 'today')).toBeNull()
  })

  test('takes an end of its own, and none in the past', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    expect((await here.write('app3_clue', 't', 1, { expiresAt: null })).expiresAt).toBeNull()
    expect((await here.write('app3_clue', 't', 1, { expires: '1m' })).expiresAt).toBe(iso(start + 60_000))
    await expect(here.write('app3_clue', 't', 1, { expiresAt: iso(start) })).rejects.toMatchObject({
      code: 'E_RESULT_OPTION',
      message: /nothing is born expired/,
    })
  })

  test('is refused with the bad part quoted', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    const undeclared = 'app4_tactics' as 'app5_tactics'
    await expect(here.write(undeclared, 't', 1)).rejects.toThrow(
      /"app4_tactics" is not declared: openResults has app2_/,
    )
    await expect(here.write('few', '', 1)).rejects.toThrow(/target is "": give 1 to 400/)
    await expect(here.write('few', 't', undefined)).rejects.toMatchObject({ code: 'E_RESULT_VALUE' })
    await expect(here.write('few', 't', 10n)).rejects.toMatchObject({ code: 'E_RESULT_VALUE' })
    await expect(here.write('few', 't', 'x'.repeat(1_048_577))).rejects.toThrow(/1048579 bytes of JSON/)
    await expect(here.write('few', 't', 1, { score: Number.NaN })).rejects.toThrow(/score is NaN/)
    await expect(here.write('few', 't', 1, { derivation: { rank: Infinity } })).rejects.toThrow(
      /rank is Infinity/,
    )
    expect(() => results.forSite('*')).toThrow(/site is "\*"/)
    expect(() => results.forSite(1.5)).toThrow(/site is 1.5/)
    expect(await here.getLatest('few', 't')).toBeNull()
  })

  test('is checked by the schema of its type, whose output is kept', async () => {
    const schema = z.object({ score: z.coerce.number() })
    const results = await openResults({ database: embedded, types: { scored: { schema } } })
    const here = results.forSite(newSite())
    const { value } = await here.write('scored', 't', { score: '7' })
    expect(value.score).toBe(7)
    await expect(here.write('scored', 't', { score: 'many' })).rejects.toMatchObject({
      code: 'E_RESULT_VALUE',
      message: /does not satisfy its schema: score: /,
    })
    await results.close()
  })
})

describe('history', () => {
  test('has the two newest finished results, no placeholder, nothing invalidated or failed, and expired ones', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    await here.write('app1_chat', 't', 'oldest')
    await here.write('app1_chat', 't', 'expired', { expires: '1m' })
    const wrong = await here.write('app1_chat', 't', 'wrong')
    await here.invalidate({ id: wrong.id }, { by: 'ann', reason: 'made up a member' })
    const failed = await here.begin('app1_chat', 't')
    await failed.fail(new Error('no model'))
    await here.begin('app1_chat', 't')
    await clock.advance(60_000)
    await results.maintain()
    const history = await here.getHistory('app1_chat', 't')
    expect(history.map(({ value, status }) => [value, status])).toEqual([
      ['expired', 'expired'],
      ['oldest', 'valid'],
    ])
    expect(await here.getHistory('app1_chat', 't', { limit: 1 })).toHaveLength(1)
    await expect(here.getHistory('app1_chat', 't', { limit: 0 })).rejects.toThrow(/limit is 0/)
  })

  test('can be asked as of an instant: what was finished by then and not invalidated by then', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    const { id } = await here.write('app1_chat', 't', 'first')
    await clock.advance(1_000)
    await here.invalidate({ id })
    await clock.advance(1_000)
    await here.write('app1_chat', 't', 'second')
    const asOf = async (instant: number): Promise<unknown[]> =>
      (await here.getHistory('app1_chat', 't', { asOf: iso(instant) })).map(({ value }) => value)
    expect(await asOf(start - 1)).toEqual([])
    expect(await asOf(start + 999)).toEqual(['first'])
    expect(await asOf(start + 1_000)).toEqual([])
    expect(await asOf(start + 2_000)).toEqual(['second'])
    await expect(here.getHistory('app1_chat', 't', { asOf: 'then' })).rejects.toThrow(/asOf is "then"/)
  })
})
