import type { Database, Queryable } from '@reprise/database'
import type { HistoryTurn } from '../catalog/history.ts'
import type { SessionContext } from '../catalog/session.ts'
import type { SlotMap } from '../catalog/json.ts'
import type { SlotValues } from '../catalog/slot-value.ts'
import { type Context, type Session, deriveSession } from './context.ts'
import * as statements from './statements.ts'

/** How many turns a session carries and its history shows (section 6.1). */
export const historyLimit = 20

interface TurnRow {
  readonly turn: number
  readonly created_at: Date
  readonly user_input: string
  readonly intent_recognized: string | null
  readonly confidence: number | null
  readonly system_response: string
  readonly response_type: string
  readonly api_call_result: HistoryTurn['api_call_result'] | null
  readonly processing_time_ms: number
  readonly request_trace_id: string | null
  readonly slots_extracted: SlotMap | null
  readonly slots_filled: SlotMap | null
}

/** The newest turns of a session, the oldest of them first (row A7). */
export async function loadHistory(
  database: Queryable,
  sessionId: string,
  limit = historyLimit,
): Promise<HistoryTurn[]> {
  const { rows } = await database.query<TurnRow>(statements.selectTurns, [sessionId, limit])
  return rows.toReversed().map((row) => ({
    turn: row.turn,
    timestamp: row.created_at.toISOString(),
    user_input: row.user_input,
    intent_recognized: row.intent_recognized,
    ...(row.confidence === null ? {} : { confidence: row.confidence }),
    slots_extracted: row.slots_extracted ?? {},
    slots_filled: row.slots_filled ?? {},
    ...(row.api_call_result === null || row.api_call_result === undefined
      ? {}
      : { api_call_result: row.api_call_result }),
    system_response: row.system_response,
    response_type: row.response_type,
    processing_time_ms: row.processing_time_ms,
    ...(row.request_trace_id === null ? {} : { request_trace_id: row.request_trace_id }),
  }))
}

/** A living session with its newest turns (row A3); undefined for an unknown one and one that has run out. */
export async function loadSession(
  database: Database,
  sessionId: string,
  now: Date,
): Promise<Session | undefined> {
  const { rows } = await database.query<{ id: number; context: Context; alive: boolean }>(
    statements.selectSession,
    [sessionId, now],
  )
  const row = rows[0]
  if (row === undefined || !row.alive) return undefined
  const turns = await loadHistory(database, sessionId)
  return deriveSession(row.id, { ...row.context, conversation_history: shortTurns(turns) })
}

/** The number of a session's newest turn; 0 for a session without any. */
export async function loadLastTurn(database: Queryable, sessionId: string): Promise<number> {
  const { rows } = await database.query<{ turn: number }>(statements.selectLastTurn, [sessionId])
  return rows[0]?.turn ?? 0
}

/** Turns as the session itself carries them (section 2.1). */
export function shortTurns(turns: readonly HistoryTurn[]): SessionContext['conversation_history'] {
  return turns.map((turn) => ({
    turn: turn.turn,
    user_input: turn.user_input,
    intent: turn.intent_recognized,
    ...(turn.confidence === undefined ? {} : { confidence: turn.confidence }),
    timestamp: turn.timestamp,
  }))
}

/** The slot values of one turn (row A16). `missing` is how many required slots have none. */
export async function loadSlotValues(
  database: Queryable,
  conversationId: number,
  missing: number,
): Promise<SlotValues> {
  const { rows } = await database.query<
    Omit<SlotValues['slot_values'][number], 'created_at'> & { created_at: Date }
  >(statements.selectSlotValues, [conversationId])
  return {
    conversation_id: conversationId,
    slot_values: rows.map((row) => ({
      ...row,
      created_at: row.created_at.toISOString(),
    })) as SlotValues['slot_values'],
    filled_count: rows.filter((row) => row['validation_status'] === 'valid').length,
    missing_count: missing,
  }
}
