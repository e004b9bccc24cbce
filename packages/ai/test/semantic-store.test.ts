import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pgvectorStore } from '../src/pgvector/pgvector-store.ts'
import { memorySemanticStore } from '../src/semantic/memory-store.ts'
import { semanticStoreCases } from './semantic-store-cases.ts'

let database: PGlite
beforeAll(async () => {
  const template = process.env['REPRISE_PGLITE_TEMPLATE']
  const loaded = template === undefined ? {} : { loadDataDir: new Blob([await readFile(template)]) }
  database = await PGlite.create({ extensions: { vector }, ...loaded })
})
afterAll(async () => database.close())

describe('memorySemanticStore', () => {
  semanticStoreCases(memorySemanticStore)
})

describe('pgvectorStore', () => {
  semanticStoreCases((bounds) => pgvectorStore({ ...bounds, database, trimEvery: 1 }))
})

test('two stores that begin at once make one table', async () => {
  await database.query('drop table reprise_questions')
  const one = pgvectorStore({ database })
  const two = pgvectorStore({ database })
  const question = { context: 'c', tenant: 't', vector: [1, 0] }
  await Promise.all([one.keep({ ...question, question: 'a' }), two.keep({ ...question, question: 'b' })])
  const { rows } = await database.query('select question from reprise_questions order by question')
  expect(rows).toEqual([{ question: 'a' }, { question: 'b' }])
})

test('a user who may not make the extension is told who may, and needs no more than the table after', async () => {
  await database.exec(`
    drop extension vector cascade; drop table reprise_questions;
    create role visitor; set role visitor`)
  const store = pgvectorStore({ database })
  const question = { context: 'c', tenant: 't', vector: [1, 0] }
  await expect(store.keep({ ...question, question: 'a' })).rejects.toMatchObject({
    code: 'E_CALL_STORE',
    message: expect.stringMatching(/permission denied.*let an administrator run/) as string,
    cause: expect.objectContaining({ code: '42501' }) as object,
  })
  await database.exec('reset role')
  await pgvectorStore({ database }).keep({ ...question, question: 'a' })
  await database.exec(
    'grant select, insert, update, delete on reprise_questions to visitor; set role visitor',
  )
  await store.keep({ ...question, question: 'b' })
  expect((await store.nearest({ ...question, atLeast: 0, limit: 9 })).length).toBe(2)
  await database.exec('reset role')
})
