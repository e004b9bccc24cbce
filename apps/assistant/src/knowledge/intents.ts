import type { Queryable } from '@reprise/database'
import type { IntentConfig } from '../catalog/intent.ts'
import { loadFunctionOfIntent } from './functions.ts'
import { given } from './rows.ts'
import { loadSlotDefinitions } from './slots.ts'
import { selectActiveIntentNames, selectIntent } from './statements.ts'

interface IntentRow {
  readonly id: number
  readonly intent_name: string
  readonly display_name: string
  readonly description: string
  readonly confidence_threshold: number
  readonly priority: number
  readonly is_active: boolean
  readonly examples: string[]
  readonly created_at: Date
  readonly updated_at: Date
  readonly display_name_en: string | null
  readonly fallback_response: string | null
  readonly fallback_response_en: string | null
}

/** An intent with its slots and its function call (row A6), active or not; undefined when there is none of that name. */
export async function loadIntentConfig(
  database: Queryable,
  intentName: string,
): Promise<IntentConfig | undefined> {
  const { rows } = await database.query<IntentRow>(selectIntent, [intentName])
  const row = rows[0]
  if (row === undefined) return undefined
  const [{ slots }, call] = await Promise.all([
    loadSlotDefinitions(database, intentName),
    loadFunctionOfIntent(database, intentName),
  ])
  return {
    id: row.id,
    intent_name: row.intent_name,
    display_name: row.display_name,
    description: row.description,
    confidence_threshold: row.confidence_threshold,
    priority: row.priority,
    is_active: row.is_active,
    examples: row.examples,
    slots,
    ...(call === undefined ? {} : { function_call: call }),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    ...given({
      display_name_en: row.display_name_en,
      fallback_response: row.fallback_response,
      fallback_response_en: row.fallback_response_en,
    }),
  }
}

/** The names of the active intents, highest priority first. */
export async function listIntents(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ intent_name: string }>(selectActiveIntentNames)
  return rows.map((row) => row.intent_name)
}
