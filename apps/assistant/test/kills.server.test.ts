// 200 conversations at once over four processes, of which three are killed without warning on the way. What was answered
// is there, everybody has his own, and nobody is booked twice.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ApiError, type Client, type DataOf, type Routes, createClient } from '@reprise/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TravelApi, createTravelApi } from '../src/travel-api/server.ts'
import { type Place, openPlace } from './processes.ts'

type Reply = DataOf<Routes['chatInteract']>

const conversations = 200
/** How many answers are in when a process is killed. */
const kills = [50, 130, 250]
const password = 'a-password-of-mine'
const cities = ['上海', '广州', '深圳', '成都', '杭州']

interface Worker {
  readonly child: ChildProcess
  readonly client: Client
  dead: boolean
}

interface Answer {
  readonly user: string
  readonly session: string
  readonly response: string
}

let place: Place
let travel: TravelApi
const workers: Worker[] = []

async function startWorker(travelUrl: string): Promise<Worker> {
  const main = join(process.env['REPRISE_TEST_PROGRAMS'] ?? '', 'assistant.js')
  const child = spawn(process.execPath, [main], {
    cwd: place.folder,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: place.folder,
      LOG_LEVEL: 'silent',
      REDIS_URL: place.redisUrl,
      DATABASE_URL: place.databaseUrl,
      TRAVEL_API_URL: travelUrl,
      API_TOKEN: 'secret',
      JWT_SECRET: 'a-secret-that-all-processes-share-0123456789',
      REPRISE_ADMIN_PASSWORD: password,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const ready = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const address = /^ready (\S+)\n/m.exec(output)?.[1]
      if (address !== undefined) resolve(address)
    })
  })
  const baseUrl = await Promise.race([ready, once(child, 'exit').then(() => '')])
  expect(baseUrl).not.toBe('')
  return { child, client: createClient({ baseUrl, token: () => token }), dead: false }
}

let token: string | undefined

beforeAll(async () => {
  place = await openPlace('kills', 13)
  travel = createTravelApi({ token: 'secret' })
  const address = await travel.listen(0)
  // The first makes the tables, the others find them.
  workers.push(await startWorker(address))
  workers.push(...(await Promise.all([1, 2, 3].map(() => startWorker(address)))))
  token = (await workers[0]?.client.call('login', { body: { username: 'admin', password } }))?.token
})
afterAll(async () => {
  const living = workers.filter(({ dead }) => !dead)
  for (const { child } of living) child.kill('SIGTERM')
  for (const { child } of living) if (child.exitCode === null) await once(child, 'exit')
  await travel.close()
  await place.close()
})

test('kills on the way', async () => {
  const answers: Answer[] = []
  const waiting = [...kills]
  let turn = 0

  /** Says something to whichever process is there, and again to another one where the first was killed over it. */
  async function say(user: string, input: string, session?: string): Promise<Reply> {
    for (;;) {
      const living = workers.filter(({ dead }) => !dead)
      const worker = living[(turn += 1) % living.length]
      if (worker === undefined) throw new Error('every process is dead')
      try {
        const body = { user_id: user, input, ...(session === undefined ? {} : { session_id: session }) }
        const reply = await worker.client.call('chatInteract', { body })
        answers.push({ user, session: reply.session_id, response: reply.response })
        if (answers.length >= (waiting[0] ?? Infinity)) {
          waiting.shift()
          const victim = workers.find(({ dead }) => !dead)
          if (victim !== undefined) {
            victim.dead = true
            victim.child.kill('SIGKILL')
          }
        }
        return reply
      } catch (error) {
        const again = error instanceof ApiError && (error.status === 0 || error.code === 'SESSION_BUSY')
        if (!again) throw error
      }
    }
  }

  async function converse(index: number): Promise<void> {
    const user = `traveller_${index}`
    const city = cities[index % cities.length] ?? ''
    const asked = await say(user, `订明天从北京到${city}的机票`)
    expect(asked).toMatchObject({ next_action: 'confirm', slots: { arrival_city: city } })
    const booked = await say(user, '确认', asked.session_id)
    expect(booked.session_id).toBe(asked.session_id)
    if (booked.api_result !== undefined) {
      expect(booked).toMatchObject({ status: 'completed', response: expect.stringContaining(city) as string })
    }
  }

  await Promise.all(Array.from({ length: conversations }, (_, index) => converse(index)))
  expect(waiting).toEqual([])
  expect(workers.filter(({ dead }) => dead)).toHaveLength(kills.length)

  const survivor = await place.start()
  const { database } = survivor.assistant
  const { rows: stored } = await database.query<Answer>(
    `SELECT s.user_id AS user, s.session_id AS session, c.system_response AS response
     FROM conversations c JOIN sessions s USING (session_id)`,
  )
  const known = new Set(stored.map((row) => JSON.stringify([row.user, row.session, row.response])))
  const lost = answers.filter((row) => !known.has(JSON.stringify([row.user, row.session, row.response])))
  expect(lost).toEqual([])

  // One booking for each traveller, to where he wanted, whoever was asked how often.
  const orders = travel.orders()
  expect(orders).toHaveLength(conversations)
  expect(new Set(orders.map(({ employee_id }) => employee_id)).size).toBe(conversations)
  expect(new Set(orders.map(({ idempotency_key: key }) => key)).size).toBe(conversations)
  const { rows: bookings } = await database.query<{
    user_id: string
    params: { to: string }
    status: string
    owner: string
  }>(
    `SELECT b.user_id, b.params, b.status, s.user_id AS owner FROM bookings b JOIN sessions s USING (session_id)`,
  )
  expect(bookings).toHaveLength(conversations)
  for (const { user_id: user, params, owner, status } of bookings) {
    expect(owner).toBe(user)
    expect(params.to).toBe(cities[Number(user.split('_')[1]) % cities.length])
    expect(status).toBe('confirmed')
  }
})
