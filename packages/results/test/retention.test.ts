import type { Database } from '@reprise/database'
import { openResults } from '@reprise/results'
import { describe, expect, test } from 'vitest'
import { embedded, newSite, rig } from './rig.ts'

const day = 86_400_000

/** The embedded database, where some statements in transactions fail. */
function failingWhere(fails: (text: string, parameters?: readonly unknown[]) => boolean): Database {
  return {
    ...embedded,
    transaction: (work, options) =>
      embedded.transaction(
        (transaction) =>
          work({
            ...transaction,
            query: async (text, parameters) => {
              if (fails(text, parameters)) throw new Error('disk full')
              return transaction.query(text, parameters)
            },
          }),
        options,
      ),
  }
}

describe('retention', () => {
  test('keeps the newest of a type and site, and the newest valid result of each target whatever its age', async () => {
    const { results, site, clock, database } = await rig()
    const here = results.forSite(site)
    const numbers = async (): Promise<unknown> =>
      (await database.query('select number from results where site = $1 order by 1', [site])).rows.map(
        (row) => row['number'],
      )
    await here.write('few', 'seldom', 1)
    for (let value = 2; value <= 6; value += 1) await here.write('few', 'often', value)
    await results.forSite(newSite()).write('few', 'often', 0)
    await expect.poll(numbers).toEqual([1, 4, 5, 6])
    await clock.advance(11 * day)
    const reports = await results.maintain()
    expect(reports.map(({ step, failures }) => [step, failures])).toEqual([
      ['expire', []],
      ['trim-count', []],
      ['trim-age', []],
      ['forget-invalidations', []],
    ])
    expect(reports.find(({ step }) => step === 'trim-age')?.rows).toBe(2)
    expect(await numbers()).toEqual([1, 6])
    expect(await here.getLatest('few', 'seldom')).toMatchObject({ value: 1 })
    const labels = await database.query(
      'select 1 from result_labels where result not in (select id from results)',
    )
    expect(labels.rows).toEqual([])
  })

  test('trims by statuses that are up to date: an older result whose newer one has ended is the one to keep', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    await here.write('few', 't', 'lasting')
    await here.write('few', 't', 'short', { expires: '1m' })
    await clock.advance(60_000)
    for (let value = 0; value < 5; value += 1) await here.write('few', 'other', value)
    await results.maintain()
    expect(await here.getLatest('few', 't')).toMatchObject({ value: 'lasting' })
  })

  test('a step that fails for one type is reported, and the others go on', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    await here.write('app3_clue', 't', 1)
    await here.write('few', 't', 1)
    await clock.advance(7 * day)
    const nightly = await openResults({
      database: failingWhere(
        (text, parameters) => text.includes(`status = 'expired'`) && parameters?.[1] === 'few',
      ),
      types: { few: {}, app3_clue: {} },
      clock,
      migrate: false,
    })
    const steps: string[] = []
    const reports = await nightly.maintain({ onStep: ({ step }) => void steps.push(step) })
    expect(steps).toEqual(['expire', 'trim-count', 'trim-age', 'forget-invalidations'])
    const failures = reports[0]?.failures.filter((one) => one.site === site)
    expect(failures).toMatchObject([{ type: 'few', error: { message: 'disk full' } }])
    expect(reports[3]?.failures).toEqual([])
    expect((await here.getHistory('app3_clue', 't'))[0]).toMatchObject({ status: 'expired' })
    await nightly.close()
  })

  test('a trim that fails behind a write does not fail the write', async () => {
    const { results, site, warnings } = await rig({
      database: failingWhere((text) => text.includes('doomed')),
    })
    const here = results.forSite(site)
    for (let value = 0; value < 4; value += 1) await here.write('few', 't', value)
    await expect.poll(() => warnings).toEqual([`few of site ${site} was not trimmed: Error: disk full`])
    expect(await here.getLatest('few', 't')).toMatchObject({ value: 3 })
  })
})
