import { type Database, migrate, openDatabase } from '@reprise/database'

/** An empty schema of the test server, migrated; every `open` is a pool as a process of its own would have it. */
export interface TestSchema {
  readonly url: string
  open(): Promise<Database>
  drop(): Promise<void>
}

/** Makes a schema named after a test file; needs REPRISE_TEST_DATABASE_URL. */
export async function createTestSchema(name: string): Promise<TestSchema> {
  const server = process.env['REPRISE_TEST_DATABASE_URL']
  if (server === undefined)
    throw new Error('REPRISE_TEST_DATABASE_URL is not set: run `npm test`, which starts PostgreSQL')
  const schema = `test_service_${name}`
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  const opened: Database[] = []
  const open = async (): Promise<Database> => {
    const database = await openDatabase({ url: url.href })
    opened.push(database)
    return database
  }
  const owner = await open()
  await owner.script(`drop schema if exists ${schema} cascade; create schema ${schema}`)
  await migrate(owner, { directory: new URL('../migrations/', import.meta.url), set: 'service' })
  return {
    url: url.href,
    open,
    async drop() {
      await owner.script(`drop schema ${schema} cascade`)
      await Promise.all(opened.map((database) => database.close()))
    },
  }
}
