import { Pool } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { pgvectorStore } from '../src/pgvector/pgvector-store.ts'
import { semanticStoreCases } from './semantic-store-cases.ts'

const name = `semantic_store_${process.pid}`
const connectionString = process.env['REPRISE_TEST_DATABASE_URL'] ?? ''
const administrator = new Pool({ connectionString, max: 1 })
await administrator.query(`create database ${name}`)
const address = new URL(connectionString)
address.pathname = `/${name}`
const database = new Pool({ connectionString: address.href, max: 4 })
const { rowCount } = await database.query("select from pg_available_extensions where name = 'vector'")

afterAll(async () => {
  await database.end()
  await administrator.query(`drop database ${name} with (force)`)
  await administrator.end()
})

const question = { context: 'c', tenant: 't', vector: [1, 0] }

function withoutPgvector(): void {
  test('a PostgreSQL without pgvector: every use says what to install, and nothing is left behind', async () => {
    const store = pgvectorStore({ database })
    const uses = await Promise.allSettled([
      store.keep({ ...question, question: 'a' }),
      store.nearest({ ...question, atLeast: 0, limit: 1 }),
      store.forgetTenant('t'),
    ])
    const refusal = {
      code: 'E_CALL_STORE',
      message: expect.stringContaining('create extension vector') as string,
      cause: expect.objectContaining({ code: '0A000' }) as object,
    }
    for (const use of uses) expect(use).toMatchObject({ status: 'rejected', reason: refusal })
    const { rows } = await database.query("select to_regclass('reprise_questions') as made")
    expect(rows).toEqual([{ made: null }])
  })
}

function withPgvector(): void {
  semanticStoreCases((bounds) => pgvectorStore({ ...bounds, database, trimEvery: 1 }))

  test('stores that begin at once make one table, and see what each keeps', async () => {
    await database.query('drop table if exists reprise_questions')
    const stores = Array.from({ length: 4 }, () => pgvectorStore({ database }))
    await Promise.all(stores.map(async (store, at) => store.keep({ ...question, question: `q ${at}` })))
    const found = await pgvectorStore({ database }).nearest({ ...question, atLeast: 0, limit: 9 })
    expect(found.map((one) => one.question).toSorted()).toEqual(['q 0', 'q 1', 'q 2', 'q 3'])
  })
}

// Which of the two is true here is the server's business, and both are tested for.
const cases = rowCount === 0 ? withoutPgvector : withPgvector
cases()
