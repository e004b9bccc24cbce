import type { Database } from '@reprise/database'
import { openResults } from '@reprise/results'
import { expect, test } from 'vitest'

const sets = [
  ['results', 'value = value'],
  ['result_shelves', 'last_number = 0'],
  ['result_labels', "label = 'x'"],
  ['result_invalidations', "reason = 'x'"],
] as const

/** Tries to cross from one site to another with the rights of an application, past the package (row D6). */
export function crossingSuite(application: () => Promise<Database>): void {
  test('the application role sees and changes the rows of the named site only, and none without a name', async () => {
    const database = await application()
    const results = await openResults({
      database,
      types: { note: {} },
      migrate: false,
      requireRowSecurity: true,
    })
    const mine = await results.forSite('mine').write('note', 't', 1, { tags: ['x'] })
    const theirs = await results.forSite('theirs').write('note', 't', 2, { tags: ['x'] })
    await results.forSite('theirs').invalidate({ tag: 'other' })

    for (const [table, change] of sets) {
      const rowsOf = async (site: string | undefined): Promise<readonly unknown[]> =>
        database.transaction(async (transaction) => {
          if (site !== undefined)
            await transaction.query(`select set_config('reprise.site', $1, true)`, [site])
          const { rows } = await transaction.query(`select distinct site from ${table}`)
          const changed = await transaction.query(`update ${table} set ${change} where site <> $1`, [
            site ?? '',
          ])
          const removed = await transaction.query(`delete from ${table} where site <> $1`, [site ?? ''])
          expect([table, changed.rowCount, removed.rowCount]).toEqual([table, 0, 0])
          return rows
        })
      expect([table, await rowsOf(undefined)]).toEqual([table, []])
      expect([table, await rowsOf('theirs')]).toEqual([table, [{ site: 'theirs' }]])
      // The list of shelves may be read for the nightly task, and not changed.
      if (table !== 'result_shelves') expect([table, await rowsOf('*')]).toEqual([table, []])
    }
    const forged = database.transaction(async (transaction) => {
      await transaction.query(`select set_config('reprise.site', 'mine', true)`)
      await transaction.query('update results set site = $1 where id = $2', ['theirs', mine.id])
    })
    await expect(forged).rejects.toMatchObject({ sqlState: '42501' })

    const here = results.forSite('mine')
    expect(await here.find(theirs.id)).toBeNull()
    await expect(here.finalize(theirs.id, 3)).rejects.toMatchObject({ code: 'E_RESULT_UNKNOWN' })
    await expect(here.invalidate({ id: theirs.id })).rejects.toMatchObject({ code: 'E_RESULT_UNKNOWN' })
    expect(await here.invalidate({ tag: 'x' })).toEqual({ results: 1 })
    expect(await results.forSite('theirs').getLatest('note', 't')).toMatchObject({ id: theirs.id, value: 2 })
    expect(await here.getLatest('note', 't')).toBeNull()
    expect((await results.maintain()).flatMap(({ failures }) => failures)).toEqual([])
    await results.close()
  })
}
