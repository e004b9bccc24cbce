import { type mergeStep, type predictRequest, mergeStep as shape } from '@reprise/api'
import type { z } from 'zod'

/** What an analysis says about one screenshot (document 004, merge_step). */
export type MergeStep = z.infer<typeof mergeStep>

/** A request as its schema gives it. */
export type PredictRequest = z.output<typeof predictRequest>

/** One screenshot of a request. */
export type Screenshot = PredictRequest['screenshots'][number]

/** Who talks in a conversation, by name. */
export type Participants = MergeStep['screenshot_parse']['participants']

/** What an analyser is given. */
export interface Conversation {
  readonly screenshot: Screenshot
  readonly participants: Participants
}

/** What an analyser finds out; what the screenshot shows is known without it. */
export type Findings = Pick<MergeStep, 'conversation_analysis' | 'scenario_decision'>

/** Finds out what a conversation is like. */
export interface Analyser {
  /** The model that it is, as provenance tells it. */
  readonly model: string
  /** @throws the signal's reason when it fires, and what the model's service throws */
  analyse(conversation: Conversation, signal: AbortSignal): Promise<Findings>
}

/** Whether something is a whole analysis. @throws Error naming the first field that is not right */
export function checkMergeStep(value: unknown): true {
  const result = shape.safeParse(value)
  if (result.success) return true
  const [issue] = result.error.issues
  throw new Error(`${issue?.path.join('.')}: ${issue?.message}`)
}
