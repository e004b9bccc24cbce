import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../src/index.ts'
import type { Database } from '../src/index.ts'

/** What migrations must do on every engine. */
export function migrationSuite(open: () => Promise<Database>): void {
  describe('migrate', () => {
    let database: Database
    let directory: string
    beforeAll(async () => {
      database = await open()
    })
    afterAll(() => database.close())
    beforeEach(async () => {
      await database.script('drop table if exists schema_migrations, other_migrations, city, town')
      directory = await mkdtemp(join(tmpdir(), 'reprise-migrations-'))
      await put(
        '0001_city.sql',
        'create table city (name text);\n-- 上海\ninsert into city values ($$上海$$);',
      )
      await put('0002_town.sql', 'create table town (name text);')
    })
    afterEach(() => rm(directory, { recursive: true }))
    const put = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text)
    const run = (options: { set?: string; table?: string } = {}) =>
      migrate(database, { directory, ...options })

    test('applies each file once, in order, and tells', async () => {
      const told: string[] = []
      const first = await migrate(database, {
        directory: pathToFileURL(`${directory}/`),
        onApplied: (file) => void told.push(file),
      })
      expect(first).toEqual({ applied: ['0001_city.sql', '0002_town.sql'], current: 2 })
      expect(told).toEqual(first.applied)
      expect(await run()).toEqual({ applied: [], current: 2 })
      await put('0003_more.sql', 'insert into town values (1);')
      expect(await run()).toEqual({ applied: ['0003_more.sql'], current: 3 })
      expect((await database.query('select * from city')).rows).toEqual([{ name: '上海' }])
      const { rows } = await database.query('select * from schema_migrations order by number')
      expect(rows[1]).toMatchObject({ set_name: 'main', number: 2, name: '0002_town.sql' })
      expect(rows[1]?.['applied_at']).toBeInstanceOf(Date)
    })

    test('runs each file once when many start at once', async () => {
      const results = await Promise.all(Array.from({ length: 6 }, () => run()))
      expect(results.flatMap(({ applied }) => applied).toSorted()).toEqual(['0001_city.sql', '0002_town.sql'])
      expect(results.map(({ current }) => current)).toEqual([2, 2, 2, 2, 2, 2])
    })

    test('keeps sets and tables apart', async () => {
      await run()
      const other = await mkdtemp(join(tmpdir(), 'reprise-migrations-'))
      await writeFile(join(other, '0001_other.sql'), 'insert into city values (1)')
      expect(await migrate(database, { directory: other, set: 'other' })).toEqual({
        applied: ['0001_other.sql'],
        current: 1,
      })
      const elsewhere = await migrate(database, { directory: other, table: 'other_migrations' })
      expect(elsewhere.applied).toEqual(['0001_other.sql'])
      await rm(other, { recursive: true })
      await expect(run({ table: 'a"; drop' })).rejects.toMatchObject({ code: 'E_DATABASE_OPTION' })
    })

    test('leaves nothing of a file that fails, and says where it failed', async () => {
      await put('0003_bad.sql', '-- 北京\ncreate table half ();\ninsert into citty values (1);')
      const error: unknown = await run().catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'E_MIGRATION_FAILED', sqlState: '42P01' })
      expect(error).toHaveProperty('message', expect.stringContaining('0003_bad.sql:3:13'))
      const { rows } = await database.query(
        "select to_regclass('half') as half, max(number) as n from schema_migrations",
      )
      expect(rows).toEqual([{ half: null, n: 2 }])
      await put('0003_bad.sql', 'create table half_now (); drop table half_now')
      expect((await run()).applied).toEqual(['0003_bad.sql'])
    })

    test('refuses a file that ends its own transaction', async () => {
      await put('0003_bad.sql', 'commit;')
      await expect(run()).rejects.toMatchObject({
        code: 'E_MIGRATION_FAILED',
        message: expect.stringContaining('0003_bad.sql'),
      })
    })

    test('refuses a file that changed after it was applied, but not other line endings', async () => {
      await run()
      await put(
        '0001_city.sql',
        '\uFEFFcreate table city (name text);\r\n-- 上海\r\ninsert into city values ($$上海$$);',
      )
      expect((await run()).applied).toEqual([])
      await put('0001_city.sql', 'create table city (name text, size int);')
      await expect(run()).rejects.toMatchObject({
        code: 'E_MIGRATION_CHANGED',
        message: expect.stringContaining('0001_city.sql'),
      })
    })

    test('lets an older folder run beside a newer database', async () => {
      await run()
      await rm(join(directory, '0002_town.sql'))
      expect(await run()).toEqual({ applied: [], current: 2 })
    })

    test.each([
      ['a gap', '0004_late.sql'],
      ['a duplicate', '0002_again.sql'],
      ['a number of zero', '0000_zero.sql'],
      ['another name', 'notes.sql'],
    ])('refuses %s', async (_, name) => {
      await put(name, 'select 1')
      await expect(run()).rejects.toMatchObject({
        code: 'E_MIGRATION_GAP',
        message: expect.stringMatching(/0004_late|0002_again|0002_town|0000_zero|notes/),
      })
      const { rows } = await database.query("select to_regclass('city') as city")
      expect(rows).toEqual([{ city: null }])
    })

    test('refuses an empty folder and a missing one', async () => {
      for (const name of await readdir(directory)) await rm(join(directory, name))
      await expect(run()).rejects.toMatchObject({ code: 'E_MIGRATION_GAP' })
      await expect(migrate(database, { directory: join(directory, 'nowhere') })).rejects.toMatchObject({
        code: 'E_MIGRATION_FAILED',
        message: expect.stringContaining('nowhere'),
      })
    })
  })
}
