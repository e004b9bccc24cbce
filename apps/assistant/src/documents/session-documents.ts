import type { Queryable } from '@reprise/database'
import type { QueryHistory, SessionPatterns, TransferHistory } from '../catalog/history.ts'
import type { SlotValue, SlotValues } from '../catalog/slot-value.ts'
import { loadSlotValues } from '../dialogue/session-store.ts'
import * as statements from './statements.ts'

/** The newest changes of intent of a session, the oldest of them first (row A23). */
export async function loadTransfers(
  database: Queryable,
  session: string,
  limit: number,
): Promise<TransferHistory> {
  type Row = Omit<TransferHistory[number], 'transferred_at' | 'resumed_at'> & {
    transferred_at: Date
    resumed_at: Date | null
  }
  const { rows } = await database.query<Row>(statements.selectTransfers, [session, limit])
  return rows.toReversed().map((row) => ({
    ...row,
    transferred_at: row.transferred_at.toISOString(),
    resumed_at: row.resumed_at?.toISOString() ?? null,
  })) as TransferHistory
}

/** What a session asked the retrieval service (row A23). */
export async function loadQueries(database: Queryable, session: string): Promise<QueryHistory> {
  const { rows } = await database.query<{ query: string; created_at: Date }>(statements.selectQueries, [
    session,
  ])
  return rows.map(({ query, created_at }) => ({ query, timestamp: created_at.toISOString() }))
}

/** What a session does often: its intents, and which followed which (row A23). */
export async function loadPatterns(
  database: Queryable,
  session: string,
  now: Date,
): Promise<SessionPatterns> {
  const { rows } = await database.query<{
    intent: string | null
    context: { dialogue?: { language?: string } }
  }>(statements.selectIntentsOfSession, [session])
  const intents = rows.flatMap(({ intent }) => (intent === null ? [] : [intent]))
  const steps = intents.slice(1).map((intent, index) => [intents[index], intent] as const)
  const changes = steps.filter(([from, to]) => from !== to).map(([from, to]) => `${from}->${to}`)
  const tally = (names: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {}
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }
  return {
    session_id: session,
    intent_counts: tally(intents),
    transition_counts: tally(changes),
    preferred_language: rows[0]?.context.dialogue?.language ?? null,
    updated_at: now.toISOString(),
  }
}

/** `conv_123` and `123` name the conversation 123. */
export function conversationId(name: string): number {
  const digits = /^(?:conv_)?(\d{1,9})$/.exec(name)?.[1]
  return digits === undefined ? 0 : Number(digits)
}

/** The slot values of a turn (row A16); undefined for a turn without any. */
export async function loadTurnValues(database: Queryable, name: string): Promise<SlotValues | undefined> {
  const id = conversationId(name)
  const { rows } = await database.query<{ missing: number }>(statements.countMissing, [id])
  const values = await loadSlotValues(database, id, rows[0]?.missing ?? 0)
  return values.slot_values.length === 0 ? undefined : values
}

/** One of them. */
export async function loadTurnValue(
  database: Queryable,
  name: string,
  slot: string,
): Promise<SlotValue | undefined> {
  const values = await loadTurnValues(database, name)
  return values?.slot_values.find(({ slot_id }) => String(slot_id) === slot)
}
