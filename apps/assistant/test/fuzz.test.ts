import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Route, errorEnvelope, routes } from '@reprise/api'
import { createLogger, loadSettings } from '@reprise/service'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Assistant, createAssistant } from '../src/wire.ts'
import { type Request, addressOf, requestsOf } from './requests.ts'

// 2,000 requests made of the route table's own schemas, over everything that exists: whatever is sent, the answer is
// one that the table allows, and never a 500. A token of a program cannot lock itself out by what it happens to do.

const rows: readonly Route[] = Object.values(routes)
const folder = mkdtempSync(join(tmpdir(), 'reprise-fuzz-'))
let assistant: Assistant
let token: string
let perRow: number

beforeAll(async () => {
  const env = { PORT: '0', DATA_DIR: folder, REPRISE_ADMIN_PASSWORD: 'correct horse', RATE_LIMIT: '0' }
  const settings = loadSettings({ env, cwd: folder })
  assistant = await createAssistant({ settings, logger: createLogger({ level: 'silent' }) })
  await assistant.service.ensureAdministrator()
  const response = await assistant.service.app.inject({
    method: 'POST',
    url: '/api/v1/api-tokens',
    headers: { authorization: `Bearer ${await assistant.service.issueToken('admin')}` },
    payload: { name: 'fuzz', role: 'admin' },
  })
  token = response.json().data.token
  perRow = Math.ceil(2000 / rows.filter((row) => isMounted(row) && !isStream(row)).length)
})
afterAll(async () => {
  await assistant.close()
  rmSync(folder, { recursive: true })
})

function isStream({ text }: Route): boolean {
  return text === 'text/event-stream'
}

function isMounted({ method, path: url }: Route): boolean {
  return assistant.service.app.hasRoute({ method, url })
}

async function send(request: Request): Promise<string | undefined> {
  const { row, body } = request
  const response = await assistant.service.app.inject({
    method: row.method,
    url: addressOf(request),
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined || row.method === 'GET' ? {} : { payload: JSON.stringify(body) }),
  })
  const { statusCode: status } = response
  if (status < 400) done += 1
  if (status >= 500) return `${row.method} ${addressOf(request)}: ${status} ${response.body}`
  if (status >= 400) return errorEnvelope.safeParse(response.json()).success ? undefined : response.body
  if (row.text !== undefined) return undefined
  const { success } = (row.data ?? errorEnvelope).safeParse(response.json().data)
  return success ? undefined : `${row.id} answers what its schema does not allow: ${response.body}`
}

let sent = 0
let done = 0

it.each(rows.filter((row) => !isStream(row)))('$method $path takes whatever is sent', async (row) => {
  // In the table, and not bound by this application.
  if (!isMounted(row)) return
  const batch = fc.array(requestsOf(row), { minLength: 8, maxLength: 8 })
  const once = fc.asyncProperty(batch, async (requests) => {
    sent += requests.length
    const problems = await Promise.all(requests.map(send))
    expect(problems.filter((problem) => problem !== undefined)).toEqual([])
  })
  await fc.assert(once, { numRuns: Math.ceil(perRow / 8) })
})

it('and then everything still works', async () => {
  expect(sent).toBeGreaterThanOrEqual(2000)
  // Many were such that something was done, or nothing would be shown.
  expect(done).toBeGreaterThan(sent / 4)
  const { app, operations } = assistant.service
  expect((await app.inject({ url: '/health' })).json().data.status).toBe('ok')
  const me = await app.inject({ url: '/api/auth/me', headers: { authorization: `Bearer ${token}` } })
  expect(me.statusCode).toBe(200)
  expect(await operations.verify()).toMatchObject({ intact: true })
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
})
