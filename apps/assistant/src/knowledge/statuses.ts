import type { Queryable } from '@reprise/database'
import type { ConversationStatus, ConversationStatuses } from '../catalog/status.ts'
import { selectStatus, selectStatuses } from './statements.ts'

/** Every conversation status, and their codes by category (row A19). */
export async function loadConversationStatuses(database: Queryable): Promise<ConversationStatuses> {
  const { rows } = await database.query<ConversationStatus>(selectStatuses)
  const categories: Record<string, string[]> = {}
  for (const { category, status_code } of rows) (categories[category] ??= []).push(status_code)
  return { status: [...rows], by_category: categories }
}

/** One conversation status (row A19); undefined when there is none of that code. */
export async function loadConversationStatus(
  database: Queryable,
  statusCode: string,
): Promise<ConversationStatus | undefined> {
  const { rows } = await database.query<ConversationStatus>(selectStatus, [statusCode])
  return rows[0]
}
