import type { FastifyBaseLogger } from 'fastify'
import { noteVersions } from '../admin/setting-versions.ts'
import type { Stores } from '../stores.ts'
import { loadSeed } from './load.ts'
import { migrateAssistant } from './migrations.ts'

// What an upgrade can have changed while entries of the version before are still in a tier below memory.
const knowledgeSpaces = [
  'intent_config',
  'slot_definitions',
  'slot_dependencies',
  'function_def',
  'param_schemas',
  'ragflow_config',
  'system_configs',
  'entity_types',
  'entity_type',
  'entity_dictionary',
  'response_types',
  'response_type',
  'conversation_status_all',
  'conversation_status',
  'prompt_templates',
]

/** Makes the tables and rows that this version needs, and drops the entries that were made from older ones. */
export async function fillDatabase({ cache, database }: Stores, logger: FastifyBaseLogger): Promise<void> {
  const { applied } = await migrateAssistant(database)
  const seeded = await loadSeed(database)
  await database.transaction((transaction) => noteVersions(transaction))
  if (applied.length + seeded > 0) await cache.invalidate({ spaces: knowledgeSpaces })
  logger.info(`database ready: ${applied.length} migrations applied, ${seeded} rows seeded`)
}
