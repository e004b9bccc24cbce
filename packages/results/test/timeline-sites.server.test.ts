/** PostgreSQL keeps sites apart, also for the one who writes SQL. */
import { openDatabase } from '@reprise/database'
import { afterAll, describe, expect, test } from 'vitest'
import { openTimelines } from '../src/index.ts'
import { createTestSchema } from './postgres-schema.ts'

const schema = await createTestSchema('timeline_sites')
const owner = await openDatabase({ url: schema.url, poolSize: 2 })
await (await openTimelines({ database: owner })).close()
await schema.grant()
const database = await openDatabase({ url: schema.applicationUrl, poolSize: 2 })
const timelines = await openTimelines({ database, life: '1h' })
afterAll(async () => {
  await timelines.close()
  await database.close()
  await owner.close()
  await schema.drop()
})

const name = { sessionId: 'talk', category: 'note' }
const mine = timelines.forSite('mine')
const yours = timelines.forSite('yours')

/** Runs a statement as the application's role in a transaction that has named a site, or nothing. */
const asSite = (site: string | undefined, text: string) =>
  database.transaction(async (transaction) => {
    if (site !== undefined) await transaction.query(`select set_config('reprise.site', $1, true)`, [site])
    return transaction.query(text)
  })

describe('the application role', () => {
  test('reads, writes and clears one session id of two sites apart', async () => {
    await mine.appendEvent({ ...name, payload: 'mine' })
    await yours.appendEvent({ ...name, payload: 'yours' })
    expect([(await mine.latest(name))?.payload, (await yours.latest(name))?.payload]).toEqual([
      'mine',
      'yours',
    ])
    expect(await mine.clearSession(name)).toBe(1)
    expect([await mine.latest(name), (await yours.latest(name))?.payload]).toEqual([null, 'yours'])
  })

  test.each(['timeline_sessions', 'timeline_events'])('sees nothing of another site in %s', async (table) => {
    await yours.appendEvent({ ...name, payload: 'yours' })
    const count = async (site?: string) => (await asSite(site, `select from ${table}`)).rowCount
    expect(await count('yours')).toBeGreaterThan(0)
    expect([await count('mine'), await count(), await count('')]).toEqual([0, 0, 0])
    const change = await asSite('mine', `update ${table} set site = 'mine' where site = 'yours'`)
    const removal = await asSite('mine', `delete from ${table}`)
    expect([change.rowCount, removal.rowCount]).toEqual([0, 0])
    expect(await count('yours')).toBeGreaterThan(0)
  })

  test('cannot write into another site', async () => {
    const insert = `insert into timeline_sessions (site, session, scene, expires_at) values ('yours', 'x', '', 1)`
    await expect(asSite('mine', insert)).rejects.toMatchObject({ sqlState: '42501' })
    await expect(asSite('yours', `update timeline_sessions set site = 'mine'`)).rejects.toMatchObject({
      sqlState: '42501',
    })
  })

  test('may, as a sweeper, remove what was over at an instant, and nothing else', async () => {
    await yours.appendEvent({ ...name, payload: 'alive' })
    const asSweeper = (before: number, text: string) =>
      database.transaction(async (transaction) => {
        await transaction.query(`select set_config('reprise.sweep_before', $1, true)`, [String(before)])
        return (await transaction.query(text)).rowCount
      })
    const now = Date.now()
    expect(await asSweeper(now, 'delete from timeline_sessions')).toBe(0)
    expect(await asSweeper(now + 7_200_000, 'select from timeline_events')).toBe(0)
    await expect(asSweeper(now + 7_200_000, 'update timeline_sessions set bytes = 0')).rejects.toMatchObject({
      sqlState: '42501',
    })
    expect((await yours.latest(name))?.payload).toBe('alive')
  })

  test('sweeps the expired sessions of every site, with their events, and no others', async () => {
    await yours.appendEvent({ ...name, payload: 'alive' })
    const later = { now: () => Date.now() + 7_200_000, setTimeout: () => ({ cancel: () => {} }) }
    const tomorrow = await openTimelines({ database, life: '1h', clock: later })
    await tomorrow.forSite('mine').appendEvent({ ...name, sessionId: 'late', payload: 'alive tomorrow' })
    expect(await timelines.sweep()).toBe(0)
    expect(await tomorrow.sweep()).toBe(1)
    await tomorrow.close()
    expect((await owner.query('select distinct site from timeline_events')).rows).toEqual([{ site: 'mine' }])
    expect((await owner.query('select session from timeline_sessions')).rows).toEqual([{ session: 'late' }])
  })
})
