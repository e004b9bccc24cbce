import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, share, slotMap } from './json.ts'
import { lifeOf } from './ttl.ts'

/** One intent on the stack (section 9.1, row A10). */
export const IntentFrame = z.looseObject({
  intent_name: z.string(),
  intent_id: z.int(),
  status: z.enum(['active', 'interrupted', 'completed', 'expired', 'failed']),
  confidence: share,
  slots: slotMap,
  pushed_at: instant,
  last_updated: instant,
  completion_status: z.string(),
})
export type IntentFrame = z.infer<typeof IntentFrame>

/** The intents a session has open, the newest last (section 9.1, row A10). */
export const IntentStack = z.looseObject({
  session_id: z.string(),
  user_id: z.string(),
  intent_stack: z.array(IntentFrame),
  stack_depth: z.int(),
  max_stack_depth: z.int(),
  last_operation: z.string(),
  last_operation_at: instant,
})
export type IntentStack = z.infer<typeof IntentStack>

/** `stack:{session_id}` (section 9.1, row A10). */
export const stackSpace = defineSpace({
  name: 'stack',
  key: 'stack:{session_id}',
  schema: IntentStack,
  ttl: lifeOf('stack'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})
