import { openDatabase } from '@reprise/database'
import { openResults } from '@reprise/results'
import { afterAll, expect, test } from 'vitest'
import { crossingSuite } from './crossing.ts'

const database = await openDatabase()
afterAll(() => database.close())

crossingSuite(async () => {
  await (await openResults({ database, types: {} })).close()
  await database.script(`create role application; grant usage on schema public to application;
    grant select, insert, update, delete on all tables in schema public to application; set role application`)
  return database
})

test('a role that row-level security does not bind is refused where it must bind', async () => {
  await database.script('reset role')
  const opening = openResults({ database, types: {}, requireRowSecurity: true })
  await expect(opening).rejects.toMatchObject({
    code: 'E_RESULT_ROLE',
    message: /role "postgres" is not bound/,
  })
})
