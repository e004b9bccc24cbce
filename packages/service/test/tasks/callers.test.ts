import { migrate, openDatabase } from '@reprise/database'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTaskKinds } from '../../src/tasks/kind.ts'
import { databaseRunner } from '../../src/tasks/sql/database-runner.ts'
import { type TaskCaller, createTasks } from '../../src/tasks/tasks.ts'

const ann: TaskCaller = { id: 'ann', username: 'ann', role: 'operator' }
const bob: TaskCaller = { id: 'bob', username: 'bob', role: 'operator' }
const root: TaskCaller = { id: 'root', username: 'root', role: 'admin' }

const database = await openDatabase()
await migrate(database, { directory: new URL('../../migrations/', import.meta.url), set: 'service' })
const kinds = defineTaskKinds([
  { name: 'quick', summary: 'Any', input: z.strictObject({ name: z.string() }), run: async () => null },
  {
    name: 'secret',
    summary: 'For administrators',
    role: 'admin',
    input: z.strictObject({}),
    run: async () => null,
  },
])
const runner = databaseRunner({ database })
const tasks = createTasks({ runner, kinds })
const submit = async (caller: TaskCaller, name: string) =>
  (await tasks.submit(caller, { kind: 'quick', input: { name } })).task

beforeEach(() => database.script('truncate service_tasks, service_task_batches, service_task_users'))
afterAll(() => database.close())

test('callers see their own tasks, administrators all', async () => {
  const mine = await submit(ann, 'a')
  await submit(bob, 'b')
  await expect(tasks.find(bob, mine.id)).rejects.toMatchObject({ code: 'E_TASKS_UNKNOWN', status: 404 })
  await expect(tasks.cancel(bob, mine.id)).rejects.toMatchObject({ code: 'E_TASKS_UNKNOWN' })
  await expect(tasks.retry(bob, mine.id)).rejects.toMatchObject({ code: 'E_TASKS_UNKNOWN' })
  expect(await tasks.list(bob, { user: 'ann', limit: 9 })).toEqual([])
  expect(await tasks.list(bob, { limit: 9 })).toMatchObject([{ user: 'bob' }])
  const [first] = await tasks.list(root, { limit: 1 })
  expect(first).toMatchObject({ user: 'bob' })
  expect(await tasks.list(root, { limit: 9, before: first?.seq })).toMatchObject([{ user: 'ann' }])
  expect((await tasks.queue(root)).users).toHaveLength(2)
  expect(await tasks.queue(ann)).toMatchObject({ own: { pending: 1 }, all: { pending: 2 }, users: [] })
})

test('callers are told what is wrong with an order', async () => {
  const of = (kind: string, input: unknown = {}) => tasks.submit(ann, { kind, input })
  await expect(of('nonsense')).rejects.toMatchObject({
    code: 'E_TASKS_KIND',
    message: expect.stringContaining('quick') as string,
  })
  await expect(of('quick')).rejects.toMatchObject({
    code: 'E_TASKS_INPUT',
    message: expect.stringContaining('input.name') as string,
  })
  await expect(of('secret')).rejects.toMatchObject({ code: 'E_TASKS_ROLE', status: 403 })
  await tasks.submit(ann, { kind: 'quick', input: { name: 'a' } }, 'k')
  await expect(tasks.submit(ann, { kind: 'quick', input: { name: 'b' } }, 'k')).rejects.toMatchObject({
    code: 'E_TASKS_KEY_REUSED',
  })
  expect(() => defineTaskKinds([{ ...kinds.find('quick').kind, name: 'Not so' }])).toThrow('lower case')
})
