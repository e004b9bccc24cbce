import { sqlGate } from '../../src/tasks/sql/sql-gate.ts'
import { createTestSchema } from '../postgres-schema.ts'
import { gateSuite } from './gate-suite.ts'

gateSuite(
  async () => {
    const schema = await createTestSchema('task_gate')
    const database = await schema.open()
    return {
      async open(settings) {
        await database.script('truncate service_tasks, service_task_batches, service_task_users')
        return sqlGate(database, settings)
      },
      close: () => schema.drop(),
    }
  },
  { runs: 20 },
)
