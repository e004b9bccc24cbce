import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { lifeOf } from './ttl.ts'

/** One status of a conversation and the statuses that may follow it (section 14.4, row A19). */
export const ConversationStatus = z.looseObject({
  id: z.int(),
  status_code: z.string(),
  status_name: z.string(),
  description: z.string(),
  category: z.string(),
  is_final: z.boolean(),
  next_allowed_status: z.array(z.string()),
  notification_required: z.boolean(),
})
export type ConversationStatus = z.infer<typeof ConversationStatus>

/** Every status, and their codes by category (section 14.4, row A19). */
export const ConversationStatuses = z.looseObject({
  status: z.array(ConversationStatus),
  by_category: z.record(z.string(), z.array(z.string())),
})
export type ConversationStatuses = z.infer<typeof ConversationStatuses>

/** `conv_status:all`: the first of the two lines that the document's dict calls `conversation_status` (rows A1, A19). */
export const conversationStatusAllSpace = defineSpace({
  name: 'conversation_status_all',
  key: 'conv_status:all',
  schema: ConversationStatuses,
  ttl: lifeOf('conversation_status_all'),
  format: 'document',
  tags: () => ['conversation_status'],
})

/** `conv_status:{status_code}`: the second of them (rows A1, A19). */
export const conversationStatusSpace = defineSpace({
  name: 'conversation_status',
  key: 'conv_status:{status_code}',
  schema: ConversationStatus,
  ttl: lifeOf('conversation_status'),
  format: 'document',
  tags: ({ status_code }) => ['conversation_status', `status:${status_code}`],
})
