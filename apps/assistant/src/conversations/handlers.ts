import { type DataOf, type Routes, routes } from '@reprise/api'
import type { Database } from '@reprise/database'
import { HttpError, numberCursor, pageOf, registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import { getCacheKey } from '../catalog/catalog.ts'
import type { ConversationHistory } from '../catalog/history.ts'
import type { SlotValues } from '../catalog/slot-value.ts'
import type { IntentStack } from '../catalog/stack.ts'
import type { Document } from '../documents/documents.ts'
import { historyLimit } from '../dialogue/session-store.ts'
import * as statements from './statements.ts'

type Conversation = DataOf<Routes['conversationList']>['items'][number]
type Whole = DataOf<Routes['conversationRead']>

interface Row extends Omit<Conversation, 'created_at' | 'updated_at' | 'expires_at'> {
  readonly id: number
  /** Its newest turn; null before the first. */
  readonly newest: number | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly expires_at: Date
}

/** What the routes of conversations read. */
export interface ConversationParts {
  readonly database: Database
  /** The document at a key of the cache, made if it is not there and can be. */
  readonly documents: (key: string) => Promise<Document | undefined>
  readonly now: () => Date
}

const noEnd = 2 ** 31 - 1

function show({ session_id, user_id, status, current_intent, turns, ...row }: Row): Conversation {
  return {
    session_id,
    user_id,
    status,
    current_intent,
    turns,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  }
}

function showStack(stack: IntentStack): Whole['stack'] {
  const { intent_stack, max_stack_depth: most, last_operation, last_operation_at } = stack
  const frames = intent_stack.map((frame) => ({
    intent: frame.intent_name,
    status: frame.status,
    completion: frame.completion_status,
    confidence: frame.confidence,
    slots: frame.slots,
    pushed_at: frame.pushed_at,
    updated_at: frame.last_updated,
  }))
  return { frames, most, last_operation, last_operation_at }
}

function showSlots({
  slot_values,
  filled_count: filled,
  missing_count: missing,
}: SlotValues): Whole['slots'] {
  const values = slot_values.map((one) => ({
    slot: one.slot_name,
    said: one.original_text,
    value: one.normalized_value,
    confidence: one.confidence,
    method: one.extraction_method,
    status: one.validation_status,
    confirmed: one.is_confirmed,
  }))
  return { values, filled, missing }
}

function showTurns(history: ConversationHistory): Whole['history'] {
  return history.map((turn) => ({
    turn: turn.turn,
    at: turn.timestamp,
    said: turn.user_input,
    answered: turn.system_response,
    intent: turn.intent_recognized,
    confidence: turn.confidence ?? null,
    response_type: turn.response_type,
    slots: turn.slots_filled ?? {},
    milliseconds: turn.processing_time_ms,
  }))
}

/** Registers what operators see of the assistant's sessions: their context, stack, slots and turns (rows A3, A7, A10, A16). */
export function registerConversations(app: FastifyInstance, parts: ConversationParts): void {
  const { database, documents, now } = parts

  registerRoute(app, routes.conversationList, async ({ query: { cursor, limit, ...only } }) => {
    const before = Math.min(numberCursor(cursor) ?? noEnd, noEnd)
    const { user_id = null, session_id = null } = only
    const given = [now(), before, user_id, session_id, limit + 1]
    const { rows } = await database.query<Row>(statements.selectConversations, given)
    return { data: pageOf(rows, limit, { item: show, cursor: ({ id }) => id }) }
  })
  registerRoute(app, routes.conversationRead, async ({ params: { session_id } }) => {
    const given = [now(), noEnd, null, session_id, 1]
    const { rows } = await database.query<Row>(statements.selectConversations, given)
    const [row] = rows
    if (row === undefined) throw new HttpError(404, `There is no session ${JSON.stringify(session_id)}`)
    const keys = [
      getCacheKey('session', { session_id }),
      getCacheKey('stack', { session_id }),
      getCacheKey('conversation_history', { session_id, limit: historyLimit }),
      ...(row.newest === null ? [] : [getCacheKey('slot_values', { conversation_id: `conv_${row.newest}` })]),
    ]
    const found = await Promise.all(keys.map(documents))
    const [context, stack, history, slots] = found.map((one) => one?.document)
    return {
      data: {
        conversation: show(row),
        context: (context as Whole['context'] | undefined) ?? null,
        stack: stack === undefined ? null : showStack(stack as IntentStack),
        slots: slots === undefined ? { values: [], filled: 0, missing: 0 } : showSlots(slots as SlotValues),
        history: showTurns((history as ConversationHistory | undefined) ?? []),
        keys: keys.filter((_, index) => found[index] !== undefined),
      },
    }
  })
}
