import { Client } from 'pg'

/** A URL of the test server whose connections live in a schema of their own, and the function that drops it. */
export interface TestSchema {
  readonly url: string
  readonly server: string
  readonly drop: () => Promise<void>
}

/** Makes an empty schema named after a test file; needs REPRISE_TEST_DATABASE_URL. */
export async function createTestSchema(name: string): Promise<TestSchema> {
  const server = process.env['REPRISE_TEST_DATABASE_URL']
  if (server === undefined) {
    throw new Error('REPRISE_TEST_DATABASE_URL is not set: run `npm test`, which starts PostgreSQL')
  }
  const schema = `test_${name}`
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${schema}`)
  await run(server, `drop schema if exists ${schema} cascade; create schema ${schema}`)
  return { url: url.href, server, drop: () => run(server, `drop schema ${schema} cascade`) }
}

async function run(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
