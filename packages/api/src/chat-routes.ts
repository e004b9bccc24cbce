import { z } from 'zod'
import type { Route } from './route.ts'
import { lineOf, proseOf } from './text-fields.ts'

const details = z
  .record(z.string().max(100), z.unknown())
  .refine((value) => Object.keys(value).length <= 50, {
    error: 'At most 50 fields',
  })

/** What a client knows about the situation of a message (row A3); held to the body limit of the service. */
export const chatContext = z.strictObject({
  device_info: details.optional(),
  location: z.union([lineOf(200), details]).optional(),
  client_system_id: lineOf(100).optional(),
  request_trace_id: lineOf(100).optional(),
  business_context: details.optional(),
  temp_preferences: details.optional().describe('Preferences for this session only'),
})

const message = proseOf(1000)

/** The body of a chat message; `message` is another name of `input`, and exactly one of the two is given. */
export const chatRequest = z
  .strictObject({
    user_id: lineOf(100),
    input: message.optional(),
    message: message.optional(),
    session_id: lineOf(100).optional(),
    context: chatContext.optional(),
  })
  .refine((body) => (body.input === undefined) !== (body.message === undefined), {
    path: ['input'],
    error: 'Give the text as either input or message',
  })

/** One read of the cache on the way to a reply. */
export const traceStep = z.strictObject({
  space: z.string(),
  outcome: z.enum(['hit', 'stale', 'miss']),
  tier: z.string().optional().describe('The tier that answered a hit'),
  shared: z.boolean().describe('Another request had already started the load'),
  milliseconds: z.number().nonnegative(),
})

/** What the assistant says back. */
export const chatReply = z.strictObject({
  response: z.string(),
  session_id: z.string(),
  intent: z.string().nullable(),
  confidence: z.number().min(0).max(1),
  slots: z.record(z.string(), z.unknown()),
  status: z.string(),
  response_type: z.string(),
  next_action: z.string(),
  missing_slots: z.array(z.string()).optional(),
  validation_errors: z.record(z.string(), z.string()).optional(),
  ambiguous_intents: z
    .array(z.strictObject({ intent: z.string(), name: z.string(), confidence: z.number().min(0).max(1) }))
    .optional(),
  api_result: z.unknown().optional(),
  trace: z.array(traceStep),
})

/** The conversation with the assistant (row A24); the application mounts the handlers. */
export const chatRoutes = {
  chatInteract: {
    id: 'chatInteract',
    method: 'POST',
    path: '/api/v1/chat/interact',
    summary: 'Say something to the assistant',
    role: 'viewer',
    audit: false,
    tag: 'chat',
    body: chatRequest,
    data: chatReply,
  },
} as const satisfies Record<string, Route>
