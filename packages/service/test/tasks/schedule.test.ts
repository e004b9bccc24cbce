import { migrate, openDatabase } from '@reprise/database'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTaskKinds } from '../../src/tasks/kind.ts'
import { type Schedule, type Schedules, scheduleTasks, scheduler } from '../../src/tasks/schedule.ts'
import { databaseRunner } from '../../src/tasks/sql/database-runner.ts'
import { createTasks } from '../../src/tasks/tasks.ts'

const database = await openDatabase()
await migrate(database, { directory: new URL('../../migrations/', import.meta.url), set: 'service' })
const kinds = defineTaskKinds([
  { name: 'trim', summary: 'Any', input: z.strictObject({}), run: async () => null },
])
const tasks = createTasks({ runner: databaseRunner({ database }), kinds })
const nightly: Schedule = { name: 'nightly', kind: 'trim', input: {}, every: '1d', at: '3h' }
let now: number
const process = (schedules: Schedules = [nightly]) => scheduleTasks({ tasks, schedules, now: () => now })
const submitted = async (): Promise<number> => (await tasks.list(scheduler, { limit: 50 })).length

beforeEach(async () => {
  now = Date.parse('2026-11-21T02:59:00Z')
  await database.script('truncate service_tasks, service_task_batches, service_task_users')
})
afterAll(() => database.close())

test('what is due is submitted once, however many processes there are and however often they look', async () => {
  const processes = [process(), process(), process()]
  for (let minute = 0; minute < 3; minute += 1) {
    await Promise.all(processes.map(async (submitDue) => submitDue()))
    now += 60_000
  }
  // Yesterday's, which no process had seen, and that of three o'clock.
  expect(await submitted()).toBe(2)
  now += 86_400_000
  await Promise.all(processes.map(async (submitDue) => submitDue()))
  await process()()
  expect(await submitted()).toBe(3)
})

test('schedules that are configured are read each time: turned on, off, and on again', async () => {
  let configured: Schedule[] = []
  const submitDue = process(async () => configured)
  await submitDue()
  expect(await submitted()).toBe(0)
  configured = [{ ...nightly, every: '1h' }]
  await submitDue()
  configured = []
  now += 3_600_000
  await submitDue()
  expect(await submitted()).toBe(1)
  configured = [{ ...nightly, every: '1h' }]
  await submitDue()
  expect(await submitted()).toBe(2)
  configured = [{ ...nightly, every: 10 }]
  await expect(submitDue()).rejects.toThrow('give 1s or more')
})

test('a schedule that makes no sense is refused when it is made', () => {
  expect(() => process([{ ...nightly, every: 10 }])).toThrow('give 1s or more')
  expect(() => process([{ ...nightly, kind: 'nothing' }])).toThrow('trim')
})
