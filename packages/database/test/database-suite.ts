import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../src/index.ts'
import { signal } from './signal.ts'
import { failure } from './failure.ts'
import { valueSuite } from './value-suite.ts'
import { migrationSuite } from './migration-suite.ts'

/** Opens a fresh, empty database that the caller closes; the tests of both engines are the same from here on. */
export type OpenTestDatabase = () => Promise<Database>

/** What every engine must do. */
export function databaseSuite(open: OpenTestDatabase): void {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await database.script('create table item (id integer primary key, name text not null unique)')
  })
  afterAll(() => database.close())

  const count = async (): Promise<unknown> =>
    (await database.query('select count(*) as n from item')).rows[0]?.['n']
  const notify = (channel: string, payload: string): Promise<unknown> =>
    database.query('select pg_notify($1, $2)', [channel, payload])

  describe('statements', () => {
    test('return rows, and how many they returned or affected', async () => {
      const inserted = await database.query("insert into item values (1, 'a'), (2, 'b')")
      expect(inserted).toEqual({ rows: [], rowCount: 2 })
      const returning = await database.query('update item set name = name || $1 returning id', ['!'])
      expect(returning.rows.length).toBe(2)
      expect(returning.rowCount).toBe(2)
      expect(await database.query('delete from item')).toEqual({ rows: [], rowCount: 2 })
      expect(await database.query('create table scratch ()')).toEqual({ rows: [], rowCount: 0 })
      expect(await database.query('select 1 as a where false')).toEqual({ rows: [], rowCount: 0 })
    })

    test('keep SQLSTATE, constraint, cause and the text, never the parameters', async () => {
      await database.query("insert into item values (1, 'a')")
      const error = await failure(database.query('insert into item values ($1, $2)', [2, 'a']))
      expect(error).toMatchObject({
        code: 'E_DATABASE_QUERY',
        sqlState: '23505',
        constraint: 'item_name_key',
      })
      expect(error.message).toContain('insert into item values ($1, $2)')
      expect(error.cause).toBeInstanceOf(Error)
      expect(error.cause).not.toHaveProperty('params')
      await database.query('delete from item')
    })

    test('say where a mistake is', async () => {
      const error = await failure(database.query('select 1 fromm item'))
      expect(error).toMatchObject({ code: 'E_DATABASE_QUERY', sqlState: '42601', position: 16 })
    })

    test('see a table as it is now, however often they were used before it changed', async () => {
      const read = async () => (await database.query('select * from reshaped')).rows
      await database.script("create table reshaped (town text); insert into reshaped values ('Ulm')")
      for (let use = 0; use < 3; use += 1) expect(await read()).toEqual([{ town: 'Ulm' }])
      await database.query('alter table reshaped add column people integer default 7')
      for (let use = 0; use < 3; use += 1) expect(await read()).toEqual([{ town: 'Ulm', people: 7 }])
      await database.script('drop table reshaped')
      for (let use = 0; use < 3; use += 1) await expect(read()).rejects.toMatchObject({ sqlState: '42P01' })
      await database.script('create table reshaped (people integer); insert into reshaped values (8)')
      expect(await read()).toEqual([{ people: 8 }])
    })

    test('see a table as it is now, when a change of it was rolled back', async () => {
      await database.script("create table restored (town text); insert into restored values ('Ulm')")
      const undone = database.transaction(async (transaction) => {
        await transaction.query('alter table restored add column people integer default 7')
        for (let use = 0; use < 3; use += 1) {
          const { rows } = await transaction.query('select * from restored')
          expect(rows).toEqual([{ town: 'Ulm', people: 7 }])
        }
        throw new Error('undo')
      })
      await expect(undone).rejects.toThrow('undo')
      expect((await database.query('select * from restored')).rows).toEqual([{ town: 'Ulm' }])
      await database.script('drop table restored')
    })

    test('may fail and succeed in turn, and be many', async () => {
      const halve = async (value: number) =>
        (await database.query('select 8 / $1::int as half', [value])).rows
      for (let use = 0; use < 3; use += 1) {
        expect(await halve(2)).toEqual([{ half: 4 }])
        await expect(halve(0)).rejects.toMatchObject({ sqlState: '22012' })
      }
      for (let use = 0; use < 2; use += 1) {
        for (let at = 0; at < 250; at += 1) {
          expect((await database.query(`select ${at} as at`)).rows).toEqual([{ at }])
        }
      }
    })

    test('are one at a time in query(), and several as one unit in script()', async () => {
      const several = await failure(database.query('select 1; select 2'))
      expect(several.sqlState).toBe('42601')
      await failure(database.script("insert into item values (1, 'a'); insert into item values (1, 'b')"))
      expect(await database.query('select * from item')).toEqual({ rows: [], rowCount: 0 })
    })

    test.each(['begin', 'BEGIN isolation level serializable', 'start transaction', 'commit', 'rollback'])(
      'refuse %j in query()',
      async (text) => {
        expect((await failure(database.query(text))).code).toBe('E_DATABASE_OPTION')
      },
    )
  })

  describe('transaction', () => {
    test('commits what its work did, and returns what it returned', async () => {
      const result = await database.transaction(async (transaction) => {
        await transaction.query("insert into item values (10, 'ten')")
        return 'done'
      })
      expect([result, await count()]).toEqual(['done', 1])
      await database.query('delete from item')
    })

    test("rolls back and throws the work's own error", async () => {
      const mine = new Error('mine')
      const work = database.transaction(async (transaction) => {
        await transaction.query("insert into item values (10, 'ten')")
        throw mine
      })
      await expect(work).rejects.toBe(mine)
      expect(await count()).toBe(0)
    })

    test('that swallows a failed statement does not pretend to commit', async () => {
      const error = await failure(
        database.transaction(async (transaction) => {
          await transaction.query("insert into item values (10, 'ten')")
          await transaction.query('select nonsense').catch(() => undefined)
        }),
      )
      expect(error).toMatchObject({ code: 'E_DATABASE_QUERY', sqlState: '25P02' })
      expect(await count()).toBe(0)
    })

    test('gives the error of a constraint that is checked at commit', async () => {
      await database.script('create table late (id integer unique deferrable initially deferred)')
      const error = await failure(
        database.transaction((transaction) => transaction.query('insert into late values (1), (1)')),
      )
      expect(error).toMatchObject({ sqlState: '23505', constraint: 'late_id_key' })
    })

    test('allows savepoints', async () => {
      await database.transaction(async (transaction) => {
        await transaction.query('savepoint before')
        await failure(transaction.query('select nonsense'))
        await transaction.query('rollback to savepoint before')
        await transaction.query("insert into item values (11, 'eleven')")
      })
      expect(await count()).toBe(1)
      await database.query('delete from item')
    })

    test('runs with the isolation level asked for', async () => {
      const levels = ['read committed', 'repeatable read', 'serializable'] as const
      for (const isolation of levels) {
        const shown = await database.transaction(
          (transaction) => transaction.query('show transaction_isolation'),
          { isolation },
        )
        expect(shown.rows).toEqual([{ transaction_isolation: isolation }])
      }
    })

    test('runs statements started together one after another', async () => {
      const numbers = await database.transaction((transaction) =>
        Promise.all([1, 2, 3].map((n) => transaction.query('select $1::int as n', [n]))),
      )
      expect(numbers.map(({ rows }) => rows[0]?.['n'])).toEqual([1, 2, 3])
    })

    test('refuses the database inside its work instead of waiting for ever', async () => {
      const uses: ((inside: Database) => Promise<unknown>)[] = [
        (inside) => inside.query('select 1'),
        (inside) => inside.script('select 1'),
        (inside) => inside.transaction(async () => undefined),
        (inside) => inside.listen('news', () => undefined),
        (inside) => inside.close(),
      ]
      for (const use of uses) {
        const error = await failure(database.transaction(() => use(database)))
        expect(error.code).toBe('E_DATABASE_NESTED')
      }
      await database.ping()
    })

    test('refuses a query after its work has ended', async () => {
      const leaked = await database.transaction(async (transaction) => ({ transaction }))
      expect((await failure(leaked.transaction.query('select 1'))).code).toBe('E_DATABASE_CLOSED')
    })

    test('many at once lose no update', async () => {
      await database.query("insert into item values (0, 'counter')")
      const step = (): Promise<unknown> =>
        database.transaction(async (transaction) => {
          await transaction.query("select 1 from item where name = 'counter' for update")
          await transaction.query("update item set id = id + 1 where name = 'counter'")
        })
      await Promise.all(Array.from({ length: 30 }, step))
      expect((await database.query('select id from item')).rows).toEqual([{ id: 30 }])
      await database.query('delete from item')
    })
  })

  describe('listen', () => {
    test('delivers payloads in order to every listener of the channel, until it is stopped', async () => {
      const first: string[] = []
      const second: string[] = []
      const last = signal()
      const stopFirst = await database.listen('Case.kept-1', (payload) => void first.push(payload))
      const stopSecond = await database.listen('Case.kept-1', (payload) => {
        second.push(payload)
        if (payload === 'end') last.fire()
      })
      await notify('Case.kept-1', 'one')
      await notify('case.kept-1', 'another channel')
      await stopFirst()
      await notify('Case.kept-1', '二')
      await notify('Case.kept-1', 'end')
      await last.fired
      await stopSecond()
      expect(second).toEqual(['one', '二', 'end'])
      expect(first.includes('end')).toBe(false)
    })

    test('hears a transaction only when it commits', async () => {
      const heard: string[] = []
      const last = signal()
      const stop = await database.listen('commits', (payload) => {
        heard.push(payload)
        if (payload === 'end') last.fire()
      })
      await database
        .transaction(async (transaction) => {
          await transaction.query("select pg_notify('commits', 'rolled back')")
          throw new Error('no')
        })
        .catch(() => undefined)
      await notify('commits', 'end')
      await last.fired
      await stop()
      expect(heard).toEqual(['end'])
    })

    test.each(['', '1a', 'a"b', 'a b', 'é', 'x'.repeat(64)])(
      'refuses the channel name %j',
      async (channel) => {
        const error = await failure(database.listen(channel, () => undefined))
        expect(error.code).toBe('E_DATABASE_OPTION')
      },
    )
  })

  test('close() waits for what runs, may be called twice, and ends everything', async () => {
    const other = await open()
    await other.listen('news', () => undefined)
    const running = Array.from({ length: 20 }, (_, n) => other.query('select $1::int as n', [n]))
    await Promise.all([other.close(), other.close()])
    const results = await Promise.all(running)
    expect(results.map(({ rows }) => rows[0]?.['n'])).toEqual(Array.from({ length: 20 }, (_, n) => n))
    const uses = [other.query('select 1'), other.ping(), other.transaction(async () => 1), other.script('')]
    for (const use of uses) expect((await failure(use)).code).toBe('E_DATABASE_CLOSED')
  })

  valueSuite(() => database)
  migrationSuite(open)
}
