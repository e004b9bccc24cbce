import type { SqlDatabase } from '@reprise/cache/sql'
import { AiError } from '../errors.ts'
import { digestOf } from '../key/digest.ts'
import { type SemanticBounds, type SemanticStore, readBounds } from '../semantic/semantic-store.ts'
import * as statements from './statements.ts'

/** What a store of questions in a database takes. */
export interface PgvectorStoreOptions extends SemanticBounds {
  /** PostgreSQL with pgvector, or PGlite with `@electric-sql/pglite-pgvector`; a `pg` pool or `@reprise/database`. */
  readonly database: SqlDatabase
  /** After how many kept questions, besides the first, the bounds are looked at, at least 1. @default 100 */
  readonly trimEvery?: number
}

interface Row {
  readonly question: string
  readonly similarity: unknown
  readonly kept_at: unknown
}

/**
 * Questions in the table `reprise_questions`, which is made at the first use, for all processes of an application. It is above
 * its bounds by `trimEvery` questions of each process at most. @throws E_CALL_OPTION, E_OPTION_INVALID; its methods E_CALL_STORE
 * where there is no pgvector, and what the database throws
 */
export function pgvectorStore({ database, trimEvery = 100, ...bounds }: PgvectorStoreOptions): SemanticStore {
  const { maxQuestions, maxPerTenant, life, clock } = readBounds(bounds)
  let made: Promise<unknown> | undefined
  let kept = 0

  async function run(statement: string, parameters: readonly unknown[]): Promise<readonly object[]> {
    made ??= database.query(statements.createQuestions).catch((error: unknown) => {
      made = undefined
      throw lacksVector(error) ? noVector(error) : error
    })
    await made
    return (await database.query(statement, parameters)).rows
  }

  async function trim(tenant: string): Promise<void> {
    await run(statements.expire, [clock.now() - life])
    await run(statements.trimTenant, [tenant, maxPerTenant])
    await run(statements.trimAll, [maxQuestions])
  }

  return {
    async nearest({ context, vector, atLeast, limit }) {
      const parameters = [context, textOf(vector), atLeast, clock.now() - life, limit]
      const rows = (await run(statements.nearest, parameters)) as readonly Row[]
      return rows.map(({ question, similarity, kept_at: keptAt }) => ({
        question,
        similarity: Number(similarity),
        keptAt: Number(keptAt),
      }))
    },
    async keep({ context, tenant, question, vector }) {
      const parameters = [context, digestOf(question), tenant, question, textOf(vector), clock.now()]
      await run(statements.keep, parameters)
      if (kept % trimEvery === 0) await trim(tenant)
      kept += 1
    },
    async touch(context, question) {
      await run(statements.touch, [context, digestOf(question), clock.now()])
    },
    async forget(context, question) {
      await run(statements.forget, [context, digestOf(question)])
    },
    async forgetTenant(tenant) {
      await run(statements.forgetTenant, [tenant])
    },
  }
}

/** A vector as pgvector reads it. */
function textOf(vector: readonly number[]): string {
  return `[${vector.join(',')}]`
}

const withoutVector = /^(?:extension "vector" is not available|permission denied to create extension)/

function lacksVector(error: unknown): error is Error {
  return error instanceof Error && withoutVector.test(error.message)
}

function noVector(cause: Error): AiError {
  return new AiError(
    'E_CALL_STORE',
    `pgvectorStore: ${cause.message.split('\n')[0]}; install pgvector on the server and let an administrator run "create extension vector" in this database, or give PGlite the extension of @electric-sql/pglite-pgvector`,
    { cause },
  )
}
