import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

/** A session of the assistant. */
export const conversation = z.strictObject({
  session_id: z.string(),
  user_id: z.string(),
  status: z.enum(['active', 'paused', 'completed', 'expired', 'error']),
  current_intent: z.string().nullable(),
  turns: count,
  created_at: instant,
  updated_at: instant,
  expires_at: instant,
})

const slots = z.record(z.string(), z.json())
const share = z.number().min(0).max(1)

/** One intent on the stack of a session (row A10). */
export const stackFrame = z.strictObject({
  intent: z.string(),
  status: z.enum(['active', 'interrupted', 'completed', 'expired', 'failed']),
  completion: z.string().describe('in_progress, awaiting_confirmation, postponed, …'),
  confidence: share,
  slots,
  pushed_at: instant,
  updated_at: instant,
})

/** A slot value as the newest turn has it (row A16). */
export const slotValue = z.strictObject({
  slot: z.string(),
  said: z.string().describe('The words that it was taken from'),
  value: z.json().describe('As it is worked with'),
  confidence: share,
  method: z.string().describe('How it was found'),
  status: z.enum(['valid', 'invalid', 'pending', 'corrected']),
  confirmed: z.boolean(),
})

/** One turn of a session (row A7). */
export const conversationTurn = z.strictObject({
  turn: count,
  at: instant,
  said: z.string(),
  answered: z.string(),
  intent: z.string().nullable(),
  confidence: share.nullable(),
  response_type: z.string(),
  slots: slots.describe('Those that were filled after it'),
  milliseconds: z.number().nonnegative(),
})

/** What the assistant keeps of its sessions (rows A3, A7, A10, A16); reading does not prolong them. The application mounts the handlers. */
export const conversationRoutes = {
  conversationList: {
    id: 'conversationList',
    method: 'GET',
    path: '/api/v1/conversations',
    summary: 'The sessions of the assistant, the last begun first',
    role: 'operator',
    tag: 'conversations',
    query: z.strictObject({
      ...pageQuery,
      user_id: lineOf(100).optional(),
      session_id: lineOf(100).optional(),
    }),
    data: pageOf(conversation),
  },
  conversationRead: {
    id: 'conversationRead',
    method: 'GET',
    path: '/api/v1/conversations/:session_id',
    summary: 'One of them: its context, stack, slot values and newest turns, as they are in the cache',
    role: 'operator',
    tag: 'conversations',
    params: z.strictObject({ session_id: lineOf(100) }),
    data: z.strictObject({
      conversation,
      context: z.record(z.string(), z.json()).nullable().describe('null when the session has run out'),
      stack: z
        .strictObject({
          frames: z.array(stackFrame).describe('The newest last'),
          most: count.describe('How many there can be'),
          last_operation: z.string(),
          last_operation_at: instant,
        })
        .nullable()
        .describe('null when the session has run out'),
      slots: z.strictObject({ values: z.array(slotValue), filled: count, missing: count }),
      history: z.array(conversationTurn).describe('At most 20, the oldest first'),
      keys: z.array(z.string()).describe('Of the entries that this was read from'),
    }),
  },
} as const satisfies Record<string, Route>
