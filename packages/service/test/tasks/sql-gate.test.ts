import { migrate, openDatabase } from '@reprise/database'
import { sqlGate } from '../../src/tasks/sql/sql-gate.ts'
import { gateSuite } from './gate-suite.ts'

gateSuite(
  async () => {
    const database = await openDatabase()
    await migrate(database, { directory: new URL('../../migrations/', import.meta.url), set: 'service' })
    return {
      async open(settings) {
        await database.script('truncate service_tasks, service_task_batches, service_task_users')
        return sqlGate(database, settings)
      },
      close: () => database.close(),
    }
  },
  { runs: 20 },
)
