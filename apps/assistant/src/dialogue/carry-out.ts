import type { HistoryTurn } from '../catalog/history.ts'
import { conclude } from './conclude.ts'
import type { Context } from './context.ts'
import type { DecideOptions, Decision } from './decision.ts'
import type { Call, CallOutcome, Executor } from './execute.ts'
import type { Retriever } from './retrieve.ts'
import { withAnswer } from './talk.ts'

/** Who carries things out, and for whom. */
export interface CarryOutParts {
  readonly executor: Executor
  readonly retriever: Retriever
  readonly context: Context
  readonly history: readonly HistoryTurn[]
  readonly signal: AbortSignal | undefined
}

async function execute(executor: Executor, call: Call): Promise<CallOutcome> {
  try {
    return await executor.execute(call)
  } catch (error) {
    if (call.signal?.aborted === true) throw error
    return { ok: false, code: 'FAILED', message: error instanceof Error ? error.message : String(error) }
  }
}

/** Does what a decision wants done, until it wants nothing more: calls, one after another, or a question to retrieval. */
export async function carryOut(
  decided: Decision,
  options: DecideOptions,
  parts: CarryOutParts,
): Promise<Decision> {
  const { executor, retriever, context, history, signal } = parts
  const { session_id: sessionId, user_id: userId } = context
  let decision = decided
  while (decision.call !== undefined) {
    const { definition, task, askedIn } = decision.call
    const outcome = await execute(executor, {
      definition,
      slots: task.slots,
      userId,
      sessionId,
      idempotencyKey: `${sessionId}:${task.intent_name}:${askedIn}`,
      businessContext: context.business_context,
      traceId: context.request_trace_id,
      signal,
    })
    decision = conclude(decision, outcome, options)
  }
  if (decision.query === undefined) return decision
  const answer = await retriever.ask({
    query: decision.query,
    sessionId,
    userId,
    history: history.slice(-5).map((turn) => ({ user: turn.user_input, assistant: turn.system_response })),
    signal,
  })
  return answer === undefined ? decision : withAnswer(decision, answer, options)
}
