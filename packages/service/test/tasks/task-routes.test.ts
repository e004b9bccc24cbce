import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DataOf, type Routes, createClient, routes } from '@reprise/api'
import { type Database, openDatabase } from '@reprise/database'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { TaskKind } from '../../src/tasks/kind.ts'
import type { ManagedDocument } from '../../src/tasks/workflows/managed-document.ts'
import { modelCatalogueDocument } from '../../src/tasks/workflows/model-catalogue.ts'
import { type TestService, bearer, quotes, startService } from '../start-service.ts'

type Task = DataOf<Routes['task']>['task']

const echo: TaskKind<{ text: string }> = {
  name: 'echo',
  summary: 'Says it again, in two steps',
  input: z.strictObject({ text: z.string().max(100), loud: z.boolean().default(false) }),
  maxTries: 1,
  async run({ text }, { progress, step }) {
    await step('listen', async () => progress(1, 2))
    await step('speak', async () => {
      if (text === 'no') throw new Error('not this one')
      progress(2, 2, text)
    })
    return { text }
  },
}

let database: Database
let running: TestService | undefined
beforeAll(async () => {
  database = await openDatabase()
})
afterAll(() => database.close())
afterEach(async () => {
  await running?.stop()
  running = undefined
  await database.script('truncate service_tasks, service_task_batches, service_task_users')
})

async function start(concurrency = 2, documents: readonly ManagedDocument[] = []): Promise<TestService> {
  return (running = await startService({
    database,
    service: { tasks: { kinds: [echo], documents, concurrency, limits: { backlogPerUser: 5 } } },
  }))
}

async function call(
  { service, token }: TestService,
  role: 'viewer' | 'operator' | 'admin',
  request: { method: 'GET' | 'POST'; url: string; payload?: object },
) {
  const response = await service.app.inject({ ...request, headers: bearer(await token(role)) })
  return { status: response.statusCode, body: response.json() }
}

const submit = (payload: object) => ({ method: 'POST', url: '/api/v1/tasks', payload }) as const
const get = (url: string) => ({ method: 'GET', url }) as const
const post = (url: string) => ({ method: 'POST', url }) as const

async function ended(service: TestService, id: string): Promise<Task> {
  const root = { id: 'root', username: 'root', role: 'admin' } as const
  for (;;) {
    const { status } = await service.service.tasks.find(root, id)
    if (['completed', 'dead', 'cancelled'].includes(status)) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const { body } = await call(service, 'admin', get(`/api/v1/tasks/${id}`))
  return (body.data as { task: Task }).task
}

test('a task is accepted at once, done, and told with its steps; its end is in the operation log', async () => {
  const service = await start()
  const { status, body } = await call(service, 'operator', submit({ kind: 'echo', input: { text: 'hi' } }))
  expect(status).toBe(202)
  expect(body.data).toMatchObject({
    existing: false,
    task: { kind: 'echo', input: { text: 'hi' }, tries: expect.any(Number) as number },
  })
  const task = await ended(service, (body.data as { task: Task }).task.task_id)
  expect(task).toMatchObject({
    status: 'completed',
    username: 'the-operator',
    result: { text: 'hi' },
    error: null,
    progress: {
      done: 2,
      total: 2,
      message: 'hi',
      steps: [
        { name: 'listen', state: 'done' },
        { name: 'speak', state: 'done' },
      ],
    },
  })
  const rows = async () =>
    (
      await service.database.query<{ action: string; username: string; result: string }>(
        `select action, username, result from service_operations where action ~ '^task' order by position`,
      )
    ).rows
  while ((await rows()).length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await rows()).toEqual([
    { action: 'tasks.submit', username: 'the-operator', result: 'done' },
    { action: 'task.echo', username: 'the-operator', result: 'done' },
  ])
})

test('the file of an export is given to administrators, whole, and to nobody else; other tasks have none', async () => {
  const service = await start()
  await service.cache.open(quotes).set({ market: 'sh', symbol: 'a' }, { price: 7 })
  const { body } = await call(service, 'admin', submit({ kind: 'export', input: {} }))
  const { task_id: id } = (body.data as { task: Task }).task
  await ended(service, id)
  const download = async (of: string, role: 'operator' | 'admin') =>
    service.service.app.inject({
      url: `/api/v1/tasks/${of}/file`,
      headers: bearer(await service.token(role)),
    })
  const found = await download(id, 'admin')
  expect(found.headers['content-type']).toContain('application/x-ndjson')
  expect(
    found.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([{ space: 'stock_quote', value: { price: 7 } }])
  expect((await download(id, 'operator')).statusCode).toBe(403)
  expect((await download('..%2F..%2Fetc%2Fpasswd', 'admin')).statusCode).toBe(404)
  const other = await call(service, 'admin', submit({ kind: 'echo', input: { text: 'hi' } }))
  const { task_id: echoed } = (other.body.data as { task: Task }).task
  expect((await download(echoed, 'admin')).json().error.message).toContain('writes no file')
  rmSync(join(service.dataDir, 'exports', `${id}.jsonl`))
  expect((await download(id, 'admin')).json().error.message).toContain('is not here')
})

test('what goes wrong is dead, can be retried, and is found by its status', async () => {
  const service = await start()
  const { body } = await call(service, 'operator', submit({ kind: 'echo', input: { text: 'no' } }))
  const id = (body.data as { task: Task }).task.task_id
  expect(await ended(service, id)).toMatchObject({
    status: 'dead',
    error: 'not this one',
    progress: { steps: [{}, { state: 'failed' }] },
  })
  const dead = await call(service, 'operator', get('/api/v1/tasks?status=dead'))
  expect(dead.body.data).toMatchObject({ items: [{ task_id: id }], next_cursor: null })
  expect((await call(service, 'operator', post(`/api/v1/tasks/${id}/cancel`))).status).toBe(409)
  expect((await call(service, 'operator', post(`/api/v1/tasks/${id}/retry`))).status).toBe(200)
  expect(await ended(service, id)).toMatchObject({ status: 'dead', tries: 1 })
})

test('bad orders are refused with what is wrong, and too many with 429', async () => {
  const service = await start(0)
  const refused = async (payload: object) => {
    const { status, body } = await call(service, 'operator', submit(payload))
    return [status, body.error.code]
  }
  expect(await refused({ kind: 'nothing' })).toEqual([422, 'E_TASKS_KIND'])
  expect(await refused({ kind: 'echo', input: { text: 5 } })).toEqual([422, 'E_TASKS_INPUT'])
  const pair = [
    { kind: 'echo', input: { text: 'x' } },
    { kind: 'echo', input: { text: 5 } },
  ]
  const half = await call(service, 'operator', {
    method: 'POST',
    url: '/api/v1/tasks/batches',
    payload: { tasks: pair },
  })
  expect(half.body.error).toMatchObject({
    code: 'E_TASKS_INPUT',
    details: [{ field: 'tasks.1.input.text' }],
  })
  expect(await refused({ kind: 'clear' })).toEqual([403, 'E_TASKS_ROLE'])
  expect(await refused({ kind: 'echo', more: 1 })).toEqual([422, 'VALIDATION_ERROR'])
  expect((await call(service, 'viewer', submit({ kind: 'echo' }))).status).toBe(403)
  const tasks = Array.from({ length: 6 }, () => ({ kind: 'echo', input: { text: 'x' } }))
  const many = { method: 'POST', url: '/api/v1/tasks/batches', payload: { tasks } } as const
  const full = await call(service, 'operator', many)
  expect([full.status, full.body.error.code]).toEqual([429, 'E_TASKS_BACKLOG'])
  const queue = await call(service, 'operator', get('/api/v1/tasks/queue'))
  expect(queue.body.data.all).toMatchObject({ pending: 0 })
})

test('a batch is seen and cancelled as one; another user does not find it', async () => {
  const service = await start(0)
  const payload = {
    tasks: [1, 2, 3].map((n) => ({ kind: 'echo', input: { text: String(n) } })),
    idempotency_key: 'k',
  }
  const order = { method: 'POST', url: '/api/v1/tasks/batches', payload } as const
  const { body } = await call(service, 'operator', order)
  const { batch_id, task_ids } = body.data.batch as { batch_id: string; task_ids: string[] }
  expect((await call(service, 'operator', order)).body.data).toMatchObject({
    existing: true,
    batch: { batch_id },
  })
  expect((await call(service, 'viewer', get(`/api/v1/tasks/batches/${batch_id}`))).status).toBe(404)
  expect((await call(service, 'viewer', get(`/api/v1/tasks/${task_ids[0]}`))).status).toBe(404)
  await call(service, 'operator', post(`/api/v1/tasks/${task_ids[1]}/cancel`))
  const one = await call(service, 'admin', get(`/api/v1/tasks/batches/${batch_id}`))
  expect(one.body.data.batch).toMatchObject({ total: 3, counts: { pending: 2, cancelled: 1 } })
  const all = await call(service, 'operator', post(`/api/v1/tasks/batches/${batch_id}/cancel`))
  expect(all.body.data.batch).toMatchObject({ total: 3, counts: { pending: 0, cancelled: 3 } })
  const page = await call(service, 'operator', get('/api/v1/tasks?limit=2'))
  expect(page.body.data.items.map(({ task_id }: Task) => task_id)).toEqual([task_ids[2], task_ids[1]])
  const next = await call(
    service,
    'operator',
    get(`/api/v1/tasks?limit=2&cursor=${page.body.data.next_cursor}`),
  )
  expect(next.body.data).toMatchObject({ items: [{ task_id: task_ids[0] }], next_cursor: null })
})

test('the versions of a document are told, those that would not do among them, and an older one is put back', async () => {
  const service = await start(1, [modelCatalogueDocument({})])
  const documents = '/api/v1/documents'
  const listed = async () => (await call(service, 'operator', get(documents))).body.data.documents as unknown
  expect(await listed()).toEqual([{ name: 'model-catalogue', version: null }])
  const one = `${documents}/version?name=model-catalogue`
  expect((await call(service, 'operator', get(one))).status).toBe(404)
  const apply = async (models: readonly object[]) => {
    const input = { name: 'model-catalogue', document: { models } }
    const { body } = await call(service, 'admin', submit({ kind: 'config-apply', input }))
    return (await ended(service, (body.data as { task: Task }).task.task_id)).status
  }
  const good = { name: 'm', provider: 'p', level: 4 }
  expect(await apply([good])).toBe('completed')
  expect(await apply([good, { ...good, name: 'n' }])).toBe('completed')
  expect(await apply([good, good])).toBe('dead')
  expect(await listed()).toEqual([{ name: 'model-catalogue', version: 2 }])
  const versions = await call(service, 'operator', get(`${documents}/versions?name=model-catalogue&limit=2`))
  expect(versions.body.data).toMatchObject({
    items: [
      { version: 3, in_use: false, replaces: 2, username: 'the-admin' },
      { version: 2, in_use: true, replaces: 1 },
    ],
    next_cursor: '2',
  })
  const first = (await call(service, 'operator', get(`${one}&version=1`))).body.data
  expect(first.document.models).toMatchObject([good])
  expect(await apply(first.document.models)).toBe('completed')
  const now = (await call(service, 'operator', get(one))).body.data
  expect(now).toMatchObject({ version: 4, in_use: true, replaces: 2, document: first.document })
  expect((await call(service, 'viewer', get(documents))).status).toBe(403)
  expect((await call(service, 'operator', get(`${documents}/versions?name=other`))).status).toBe(404)
})

test('the kinds are listed with what they take, and the client speaks every route', async () => {
  const service = await start(0)
  const { body } = await call(service, 'viewer', get('/api/v1/tasks/kinds'))
  const kinds = body.data.kinds as { kind: string; role: string; input: { properties: object } }[]
  expect(kinds.map(({ kind }) => kind)).toEqual(['cleanup', 'clear', 'echo', 'export', 'invalidate-many'])
  expect(kinds.find(({ kind }) => kind === 'cleanup')?.input.properties).toHaveProperty('days.maximum', 30)
  expect(kinds.find(({ kind }) => kind === 'clear')?.role).toBe('admin')
  const address = await service.service.listen()
  const client = createClient({ baseUrl: address, token: await service.token('operator') })
  const { task } = await client.call('taskSubmit', { body: { kind: 'echo', input: { text: 'a' } } })
  const { task: cancelled } = await client.call('taskCancel', { params: { task_id: task.task_id } })
  expect(cancelled.status).toBe('cancelled')
  expect((await client.call('taskQueue')).own).toMatchObject({ cancelled: 1 })
  expect(Object.values(routes).filter(({ tag }) => tag === 'tasks')).toHaveLength(11)
})

test('the alarm about waiting tasks reads how long the first one has waited', async () => {
  const service = await start(0)
  const figure = async () => {
    await service.service.alarms.round()
    await database.query('update service_alarm_rounds set at = null')
    const { figures } = await service.service.alarms.standing()
    return figures.find(({ rule }) => rule === 'queue_age')?.value
  }
  expect(await figure()).toBe(0)
  await call(service, 'operator', submit({ kind: 'echo', input: { text: 'hi' } }))
  await database.query("update service_tasks set created_at = created_at - interval '600 s'")
  expect(await figure()).toBeGreaterThan(600)
})
