// A child of `npm run bench -- assistant`: from a change of an intent's threshold by the administration of one process
// to another process that decides differently. Prints milliseconds as JSON: `asked` from the request being sent, `told`
// from its reply, negative where the other process was faster than the reply.
// Arguments: the addresses of Redis and PostgreSQL, and how many changes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createClient } from '@reprise/api'
import { startMember, steady } from './member.ts'

interface Heard {
  readonly meaning: string | null
  readonly at: number
}

const [redisUrl = '', databaseUrl = '', changes = '100'] = process.argv.slice(2)
const assistant = await startMember({ redisUrl, databaseUrl })
const baseUrl = await assistant.service.listen()
await assistant.service.ensureAdministrator()
const client = createClient({ baseUrl, token: await assistant.service.issueToken('admin') })

const watcher = fork(new URL('./watcher.ts', import.meta.url), [redisUrl, databaseUrl], {
  execArgv: process.execArgv,
})
const next = async (): Promise<Heard> => (await once(watcher, 'message'))[0] as Heard
await next()

const { rows } = await assistant.database.query<{ id: number }>(
  `SELECT id FROM intents WHERE intent_name = 'check_balance'`,
)
const params = { table: 'intents', id: String(rows[0]?.id) }
const asked: number[] = []
const told: number[] = []
for (let change = 0; change < Number(changes); change += 1) {
  const changed = next()
  const began = steady()
  const values = { confidence_threshold: change % 2 === 0 ? 1 : 0.75 }
  await client.call('configChange', { params, body: { values } })
  const replied = steady()
  const { at } = await changed
  asked.push(at - began)
  told.push(at - replied)
  await new Promise((resolve) => setTimeout(resolve, 20 + (change % 7) * 5))
}
watcher.disconnect()
await once(watcher, 'exit')
await assistant.close()
process.stdout.write(`${JSON.stringify({ asked, told })}\n`)
