import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, scalar, share, slotMap } from './json.ts'
import { lifeOf } from './ttl.ts'

/** The intent that was recognised (section 3.1). */
export const RecognisedIntent = z.looseObject({
  intent_name: z.string(),
  display_name: z.string(),
  confidence: share,
  id: z.int(),
})
export type RecognisedIntent = z.infer<typeof RecognisedIntent>

/** One slot found in the text: the words, the value read from them and, where it differs, its normalised form (section 3.1). */
export const RecognisedSlot = z.looseObject({
  value: scalar,
  normalized_value: scalar.optional(),
  confidence: share,
  source: z.string(),
  original_text: z.string(),
  is_validated: z.boolean().optional(),
})
export type RecognisedSlot = z.infer<typeof RecognisedSlot>

/**
 * What recognition made of one input (section 3.1, row A4). `intent` is null when nothing was recognised.
 * `input_hash` is the number the document shows, or hexadecimal text for a hash longer than 53 bits.
 * `candidates`, ours, are the intents too close to choose between, best first (row A24).
 */
export const RecognitionResult = z.looseObject({
  input_text: z.string(),
  input_hash: z.union([z.int(), z.string()]),
  user_id: z.string(),
  intent: RecognisedIntent.nullable(),
  slots: z.record(z.string(), RecognisedSlot),
  confidence: share,
  processing_time_ms: z.number(),
  cached_at: instant,
  llm_model: z.string().nullable().optional(),
  context_used: z
    .looseObject({
      user_preferences: z.boolean().optional(),
      conversation_history: z.boolean().optional(),
      business_context: z.boolean().optional(),
    })
    .optional(),
  candidates: z.array(RecognisedIntent).optional(),
})
export type RecognitionResult = z.infer<typeof RecognitionResult>

/** A question rewritten with what the session knows, for retrieval (template `enhanced_query`, row A23; shape ours). */
export const EnhancedQuery = z.looseObject({
  query_hash: z.string(),
  original_query: z.string(),
  enhanced_query: z.string(),
  context_used: slotMap,
  enhanced_at: instant,
})
export type EnhancedQuery = z.infer<typeof EnhancedQuery>

/** `nlu_result:{input_hash}:{user_id}` (section 3.1, row A4). */
export const intentRecognitionSpace = defineSpace({
  name: 'intent_recognition',
  key: 'nlu_result:{input_hash}:{user_id}',
  schema: RecognitionResult,
  ttl: lifeOf('intent_recognition'),
  format: 'document',
  tags: ({ user_id }) => [`user:${user_id}`, 'recognition'],
})

/** `enhanced_query:{query_hash}` (section 1.1, row A23). */
export const enhancedQuerySpace = defineSpace({
  name: 'enhanced_query',
  key: 'enhanced_query:{query_hash}',
  schema: EnhancedQuery,
  ttl: lifeOf('enhanced_query'),
  format: 'document',
  tags: () => ['enhanced_query'],
})
