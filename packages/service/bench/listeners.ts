// A service with listeners that another process holds; run by bench/sse.ts. Prints its figures as JSON.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { openDatabase } from '@reprise/database'
import { createService, loadSettings } from '@reprise/service'
import { z } from 'zod'

const [first = '1000', second = '60', token = ''] = process.argv.slice(2)

/** Holds streams open and tells how many events came over all of them. */
function listen(address: string, count: number): void {
  let events = 0
  const agent = { headers: { authorization: `Bearer ${token}` } }
  for (let n = 0; n < count; n += 1) {
    get(`${address}/api/v1/events`, agent, (response) => {
      response.on('data', (chunk: Buffer) => (events += chunk.toString().split('\nevent: ').length - 1))
      response.on('error', () => {})
    }).on('error', () => {})
  }
  process.on('message', () => process.send?.(events))
  process.on('disconnect', () => process.exit())
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

async function serve(count: number, seconds: number): Promise<void> {
  const numbers = defineSpace({ name: 'number', key: 'number:{n}', schema: z.number(), ttl: '1s' })
  const cache = await createCache({ catalog: defineCatalog({ prefix: 'bench', spaces: [numbers] }) })
  const folder = mkdtempSync(join(tmpdir(), 'listeners-'))
  const database = await openDatabase({})
  const env = { PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'silent' }
  const service = await createService({ cache, database, settings: loadSettings({ env, cwd: folder }) })
  await service.ensureAdministrator()
  const address = await service.listen()
  const before = heap()
  const clients: ChildProcess = fork(process.argv[1] ?? '', [
    address,
    String(count),
    await service.issueToken('admin'),
  ])
  const until = async (wanted: number): Promise<void> => {
    for (let n = 0; n < 600 && service.app.live.listeners !== wanted; n += 1) await setTimeout(50)
  }
  await until(count)
  const taken: number[] = []
  for (let at = 0; at < seconds; at += 1) {
    for (let n = 0; n < 500; n += 1) await cache.open(numbers).getOrLoad({ n: n % 20 }, () => n)
    taken.push(heap())
    await setTimeout(1_000)
  }
  const answer = once(clients, 'message') as Promise<[number]>
  clients.send('how many')
  const [events] = await answer
  clients.disconnect()
  await until(0)
  process.stdout.write(
    JSON.stringify({ heap: taken, before, after: heap(), left: service.app.live.listeners, events }),
  )
  await service.close()
  await cache.close()
  await database.close()
  rmSync(folder, { recursive: true })
}

if (first.startsWith('http')) listen(first, Number(second))
else await serve(Number(first), Number(second))
