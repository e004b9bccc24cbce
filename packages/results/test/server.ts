import { type Database, openDatabase } from '@reprise/database'
import { afterAll } from 'vitest'

/** A schema of a test file on the test server, and connections to it. */
export interface TestServer {
  /** As the owner of the tables, a superuser. */
  readonly url: string
  /** As a role that may read and change rows and nothing else, once `grant` has run. */
  readonly applicationUrl: string
  /** Opens a pool; it is closed after the tests. */
  readonly open: (url?: string) => Promise<Database>
  /** Gives the application role its rights on the tables there are. */
  readonly grant: () => Promise<void>
}

/** Makes an empty schema and a role named after a test file. */
export async function testServer(name: string): Promise<TestServer> {
  const server = process.env['REPRISE_TEST_DATABASE_URL']
  if (server === undefined) {
    throw new Error('REPRISE_TEST_DATABASE_URL is not set: run `npm test`, which starts PostgreSQL')
  }
  const schema = `test_results_${name}`
  const role = `${schema}_app`
  const inSchema = (user?: string): string => {
    const url = new URL(server)
    url.searchParams.set('options', `-c search_path=${schema}`)
    if (user !== undefined) url.username = user
    return url.href
  }
  const opened: Database[] = []
  const open = async (url = inSchema()): Promise<Database> => {
    const database = await openDatabase({ url })
    opened.push(database)
    return database
  }
  const remove = `drop schema if exists ${schema} cascade; drop role if exists ${role};`
  const owner = await open()
  await owner.script(`${remove} create schema ${schema}; create role ${role} login`)
  afterAll(async () => {
    await owner.script(remove)
    await Promise.all(opened.map((database) => database.close()))
  })
  return {
    url: inSchema(),
    applicationUrl: inSchema(role),
    open,
    grant: () =>
      owner.script(`grant usage on schema ${schema} to ${role};
        grant select, insert, update, delete on all tables in schema ${schema} to ${role}`),
  }
}
