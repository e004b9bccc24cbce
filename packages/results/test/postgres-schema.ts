import { openDatabase } from '@reprise/database'

/** A schema of the test server, and the function that drops it with the role that was made for it. */
export interface TestSchema {
  /** Connects as the owner of the server. */
  readonly url: string
  /** Connects as a role that may use the tables and owns none, once `grant` was called. */
  readonly applicationUrl: string
  /** Lets the application's role use what is in the schema now. */
  grant(): Promise<void>
  drop(): Promise<void>
}

/** Makes an empty schema named after a test file; needs REPRISE_TEST_DATABASE_URL. */
export async function createTestSchema(name: string): Promise<TestSchema> {
  const server = process.env['REPRISE_TEST_DATABASE_URL']
  if (server === undefined)
    throw new Error('REPRISE_TEST_DATABASE_URL is not set: run `npm test`, which starts PostgreSQL')
  const schema = `test_${name}`
  const admin = await openDatabase({ url: server, poolSize: 1 })
  const remove = `drop schema if exists ${schema} cascade; drop role if exists ${schema}`
  await admin.script(`${remove}; create schema ${schema}; create role ${schema} login password '${schema}'`)
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  const applicationUrl = new URL(url)
  applicationUrl.username = schema
  applicationUrl.password = schema
  return {
    url: url.href,
    applicationUrl: applicationUrl.href,
    grant: () =>
      admin.script(`
        grant usage on schema ${schema} to ${schema};
        grant select, insert, update, delete on all tables in schema ${schema} to ${schema};
        grant usage on all sequences in schema ${schema} to ${schema}`),
    async drop() {
      await admin.script(remove)
      await admin.close()
    },
  }
}
