import type { Database, Queryable } from '@reprise/database'
import type { HistoryTurn } from '../catalog/history.ts'
import type { SlotValues } from '../catalog/slot-value.ts'
import type { Session } from './context.ts'
import type { Transfer } from './decision.ts'
import type { FilledSlot } from './fill.ts'
import { loadLastTurn, loadSlotValues } from './session-store.ts'
import * as statements from './statements.ts'

/** All that one turn leaves in the database. */
export interface TurnRecord {
  readonly session: Session
  /** Whether the session is new with this turn. */
  readonly fresh: boolean
  readonly turn: HistoryTurn
  /** The newest turns, this one the last of them. */
  readonly history: readonly HistoryTurn[]
  readonly status: string
  /** What this turn gave, valid or not. */
  readonly given: readonly FilledSlot[]
  /** Slots of an intent that keep what an earlier turn gave. */
  readonly kept: readonly { readonly intent: string; readonly slots: readonly string[] }[]
  /** Whether the user said yes to the values. */
  readonly confirmed: boolean
  readonly missing: number
  readonly transfers: readonly Transfer[]
  readonly expiresAt: Date
}

/** What was written: the session's row, and the slot values of the turn. */
export interface CommittedTurn {
  readonly sessionRow: number
  readonly slotValues: SlotValues
}

/**
 * Writes a turn in one transaction: the session, the turn, its slot values. Undefined, and nothing written, when
 * another turn of the session came first: the caller begins again from what that one left.
 */
export function commitTurn(database: Database, record: TurnRecord): Promise<CommittedTurn | undefined> {
  const { session, turn } = record
  const now = new Date(turn.timestamp)
  // The turns are rows of their own; the context does not repeat them.
  const context = { ...session.context, conversation_history: [] }

  async function openSession(transaction: Queryable): Promise<number | undefined> {
    const { session_id: id, current_intent: intent } = session
    if (record.fresh) {
      const values = [id, session.user_id, intent, context, now, record.expiresAt]
      return (await transaction.query<{ id: number }>(statements.insertSession, values)).rows[0]?.id
    }
    const { rows } = await transaction.query<{ id: number }>(statements.lockSession, [id])
    if (rows[0] === undefined || (await loadLastTurn(transaction, id)) !== turn.turn - 1) return undefined
    await transaction.query(statements.updateSession, [id, intent, context, now, record.expiresAt])
    return rows[0].id
  }

  return database.transaction(async (transaction) => {
    const sessionRow = await openSession(transaction)
    if (sessionRow === undefined) return undefined
    const { rows } = await transaction.query<{ id: number }>(statements.insertTurn, [
      session.session_id,
      turn.turn,
      turn.user_input,
      turn.intent_recognized,
      turn.confidence ?? null,
      turn.system_response,
      turn.response_type,
      record.status,
      turn.api_call_result ?? null,
      turn.processing_time_ms,
      turn.request_trace_id ?? null,
      now,
    ])
    const conversation = rows[0]?.id ?? 0
    for (const { slot, found, value, valid } of record.given) {
      if (slot.id === undefined) continue
      await transaction.query(statements.insertSlotValue, [
        conversation,
        slot.id,
        found.original_text,
        JSON.stringify(found.source === 'date' ? found.value : value),
        JSON.stringify(found.canonical_form ?? value),
        found.confidence,
        methods[found.source] ?? found.source,
        valid ? 'valid' : 'invalid',
        turn.turn,
        now,
      ])
    }
    for (const { intent, slots } of record.kept) {
      const values = [conversation, session.session_id, intent, slots, record.confirmed]
      await transaction.query(statements.carrySlotValues, values)
    }
    for (const { from, to, type } of record.transfers) {
      const values = [session.session_id, from, to, type, session.current_slots, now]
      await transaction.query(statements.insertTransfer, values)
    }
    return { sessionRow, slotValues: await loadSlotValues(transaction, conversation, record.missing) }
  })
}

const methods: Readonly<Record<string, string>> = {
  dictionary: 'entity_recognition',
  date: 'date_recognition',
  pattern: 'pattern_recognition',
  text: 'user_text',
  default: 'default_value',
  preference: 'user_preference',
  llm: 'llm',
}
