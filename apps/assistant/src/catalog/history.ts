import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { counts, instant, jsonObject, share, slotMap } from './json.ts'
import { lifeOf } from './ttl.ts'

/** One turn of a conversation (section 6.1, row A7); a turn that only ran a function has its result and no confidence or slots. */
export const HistoryTurn = z.looseObject({
  turn: z.int(),
  timestamp: instant,
  user_input: z.string(),
  intent_recognized: z.string().nullable(),
  confidence: share.optional(),
  slots_extracted: slotMap.optional(),
  slots_filled: slotMap.optional(),
  api_call_result: jsonObject.optional(),
  system_response: z.string(),
  response_type: z.string(),
  processing_time_ms: z.number(),
  request_trace_id: z.string().optional(),
})
export type HistoryTurn = z.infer<typeof HistoryTurn>

/** The newest turns of a session, oldest of them first (section 6.1, row A7). */
export const ConversationHistory = z.array(HistoryTurn)
export type ConversationHistory = z.infer<typeof ConversationHistory>

/** One change of intent within a session (database v2.2, `intent_transfers`). */
export const IntentTransfer = z.looseObject({
  id: z.int(),
  from_intent: z.string().nullable(),
  to_intent: z.string(),
  transfer_type: z.enum(['user_request', 'system_redirect', 'fallback', 'escalation', 'completion']),
  transfer_reason: z.string().nullable(),
  saved_context: jsonObject.nullable(),
  transferred_at: instant,
  resumed_at: instant.nullable(),
})
export type IntentTransfer = z.infer<typeof IntentTransfer>

/** The newest changes of intent of a session, oldest of them first (template `transfer_history`, row A23; shape ours). */
export const TransferHistory = z.array(IntentTransfer)
export type TransferHistory = z.infer<typeof TransferHistory>

/** The questions a session sent to retrieval, oldest first (template `query_history`, row A23; shape ours). */
export const QueryHistory = z.array(
  z.looseObject({ query: z.string(), enhanced_query: z.string().optional(), timestamp: instant }),
)
export type QueryHistory = z.infer<typeof QueryHistory>

/** What a session does often (template `session_patterns`, row A23; shape ours). */
export const SessionPatterns = z.looseObject({
  session_id: z.string(),
  intent_counts: counts,
  transition_counts: counts,
  preferred_language: z.string().nullable(),
  updated_at: instant,
})
export type SessionPatterns = z.infer<typeof SessionPatterns>

/** `history:{session_id}:{limit}` (section 6.1, row A7). */
export const conversationHistorySpace = defineSpace({
  name: 'conversation_history',
  key: 'history:{session_id}:{limit}',
  schema: ConversationHistory,
  ttl: lifeOf('conversation_history'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})

/** `transfer_history:{session_id}:{limit}` (section 1.1, row A23). */
export const transferHistorySpace = defineSpace({
  name: 'transfer_history',
  key: 'transfer_history:{session_id}:{limit}',
  schema: TransferHistory,
  ttl: lifeOf('transfer_history'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})

/** `query_history:{session_id}` (section 1.1, row A23). */
export const queryHistorySpace = defineSpace({
  name: 'query_history',
  key: 'query_history:{session_id}',
  schema: QueryHistory,
  ttl: lifeOf('query_history'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})

/** `session_patterns:{session_id}` (section 1.1, row A23). */
export const sessionPatternsSpace = defineSpace({
  name: 'session_patterns',
  key: 'session_patterns:{session_id}',
  schema: SessionPatterns,
  ttl: lifeOf('session_patterns'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})
