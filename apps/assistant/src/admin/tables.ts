import { answerTables } from './answer-tables.ts'
import type { ConfigTable } from './config-table.ts'
import { dictionaryTables } from './dictionary-tables.ts'
import { functionTables } from './function-tables.ts'
import { intentTables } from './intent-tables.ts'
import { settingTables } from './setting-tables.ts'

/** Every table of the configuration, by name. */
export const configTables: ReadonlyMap<string, ConfigTable> = new Map(
  [...intentTables, ...functionTables, ...dictionaryTables, ...answerTables, ...settingTables].map(
    (table) => [table.name, table],
  ),
)
