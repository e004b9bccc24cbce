import { migrate, openDatabase } from '@reprise/database'
import { afterAll } from 'vitest'
import { databaseRunner } from '../../src/tasks/sql/database-runner.ts'
import { runnerSuite } from './runner-suite.ts'

const database = await openDatabase()
await migrate(database, { directory: new URL('../../migrations/', import.meta.url), set: 'service' })
afterAll(() => database.close())

runnerSuite(async () => ({
  open: async (options) => databaseRunner({ database, ...options }),
  close: () => database.script('truncate service_tasks, service_task_batches, service_task_users'),
}))
