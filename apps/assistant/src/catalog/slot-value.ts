import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, scalar, share } from './json.ts'
import { lifeOf } from './ttl.ts'

/** One slot value as a conversation gave it (section 14.1, row A16). */
export const SlotValue = z.looseObject({
  id: z.int(),
  slot_id: z.int(),
  slot_name: z.string(),
  original_text: z.string(),
  extracted_value: scalar,
  normalized_value: scalar,
  confidence: share,
  extraction_method: z.string(),
  validation_status: z.enum(['valid', 'invalid', 'pending', 'corrected']),
  is_confirmed: z.boolean(),
  created_at: instant,
})
export type SlotValue = z.infer<typeof SlotValue>

/** The slot values of one conversation, and how many required slots are filled and missing (section 14.1, row A16). */
export const SlotValues = z.looseObject({
  conversation_id: z.int(),
  slot_values: z.array(SlotValue),
  filled_count: z.int(),
  missing_count: z.int(),
})
export type SlotValues = z.infer<typeof SlotValues>

/** `slot_values:{conversation_id}`, the id in the key being `conv_123` for conversation 123 (section 14.1, row A16). */
export const slotValuesSpace = defineSpace({
  name: 'slot_values',
  key: 'slot_values:{conversation_id}',
  schema: SlotValues,
  ttl: lifeOf('slot_values'),
  format: 'document',
  tags: ({ conversation_id }) => [`conversation:${conversation_id}`],
})

/** `slot_value:{conversation_id}:{slot_id}`: one element of `slot_values` (section 1.1, row A16). */
export const slotValueRecordSpace = defineSpace({
  name: 'slot_value_record',
  key: 'slot_value:{conversation_id}:{slot_id}',
  schema: SlotValue,
  ttl: lifeOf('slot_value_record'),
  format: 'document',
  tags: ({ conversation_id, slot_id }) => [`conversation:${conversation_id}`, `slot:${slot_id}`],
})
