import type { IntentFrame, IntentStack } from '../catalog/stack.ts'
import type { Knowledge } from '../recognise/recogniser.ts'
import { type Context, stateOf } from './context.ts'
import { mostOpen } from './decide.ts'
import type { Decision } from './decision.ts'
import type { Standing, Task } from './standing.ts'

/** An intent stack as document 9.1 shows it, with the turn that it was written in. */
export type TurnStack = IntentStack & { readonly turn?: number }

function frameOf(
  task: Task,
  knowledge: Knowledge,
  how: Pick<IntentFrame, 'status' | 'completion_status'>,
): IntentFrame {
  const intent = knowledge.intents.find(({ intent_name }) => intent_name === task.intent_name)
  return {
    intent_name: task.intent_name,
    intent_id: intent?.id ?? 0,
    status: how.status,
    confidence: task.confidence,
    slots: task.slots,
    pushed_at: task.begun_at,
    last_updated: task.touched_at,
    completion_status: how.completion_status,
  }
}

function operationOf({ status, transfers, standing }: Decision, before: Standing): string {
  if (status === 'completed') return 'intent_completed'
  if (status === 'intent_cancelled') return 'intent_cancelled'
  if (status === 'intent_postponed') return 'intent_postponed'
  if (transfers.length > 0 || standing.interrupted.length < before.interrupted.length) {
    return standing.interrupted.length < before.interrupted.length ? 'intent_resumed' : 'intent_pushed'
  }
  return standing.task !== undefined && before.task === undefined ? 'intent_pushed' : 'intent_updated'
}

/** The interrupted tasks, the oldest first, and the one under way on top. */
function framesOf(
  { task, question, interrupted }: Standing,
  { knowledge, failed }: { readonly knowledge: Knowledge; readonly failed: boolean },
): IntentFrame[] {
  const frames = interrupted.map((one) =>
    frameOf(one, knowledge, {
      status: 'interrupted',
      completion_status: one.postponed ? 'postponed' : 'in_progress',
    }),
  )
  if (task === undefined) return frames
  const waits = question?.kind === 'confirm' ? 'awaiting_confirmation' : 'in_progress'
  const top = frameOf(task, knowledge, {
    status: failed ? 'failed' : 'active',
    completion_status: failed ? 'failed' : waits,
  })
  return [...frames, top]
}

/** The stack of a session as the database has it: what is open, without what ended last. */
export function restoredStack(context: Context, knowledge: Knowledge): TurnStack {
  const { standing, turn } = stateOf(context)
  const frames = framesOf(standing, { knowledge, failed: false })
  return {
    session_id: context.session_id,
    user_id: context.user_id,
    intent_stack: frames,
    stack_depth: frames.length,
    max_stack_depth: mostOpen,
    last_operation: 'stack_restored',
    last_operation_at: frames.at(-1)?.last_updated ?? context.created_at,
    turn,
  }
}

/**
 * The stack after a turn (row A10): the interrupted tasks, the oldest first, and the one under way on top. With none
 * left, the task that just ended stays to be seen until the next turn.
 */
export function stackAfter(
  decision: Decision,
  before: Standing,
  options: {
    readonly knowledge: Knowledge
    readonly sessionId: string
    readonly userId: string
    readonly turn: number
    readonly now: Date
  },
): TurnStack {
  const { knowledge } = options
  const { task } = decision.standing
  const frames = framesOf(decision.standing, { knowledge, failed: decision.status === 'api_error' })
  if (
    task === undefined &&
    frames.length === 0 &&
    decision.status === 'completed' &&
    decision.intent !== null
  ) {
    const at = options.now.toISOString()
    const { intent, confidence, slots } = decision
    const ended = {
      intent_name: intent,
      confidence,
      slots,
      begun_at: before.task?.begun_at ?? at,
      touched_at: at,
    }
    frames.push(frameOf(ended, knowledge, { status: 'completed', completion_status: 'completed' }))
  }
  return {
    session_id: options.sessionId,
    user_id: options.userId,
    intent_stack: frames,
    stack_depth: frames.length,
    max_stack_depth: mostOpen,
    last_operation: operationOf(decision, before),
    last_operation_at: options.now.toISOString(),
    turn: options.turn,
  }
}

/**
 * The standing with the interrupted tasks of a stack that another program wrote: one without a turn. Our own says
 * nothing that the session does not.
 */
export function withStack(standing: Standing, stack: TurnStack | undefined): Standing {
  if (stack === undefined || stack.turn !== undefined) return standing
  const interrupted = stack.intent_stack
    .filter(({ status }) => status === 'interrupted')
    .map((frame) => ({
      intent_name: frame.intent_name,
      confidence: frame.confidence,
      slots: frame.slots,
      begun_at: frame.pushed_at,
      touched_at: frame.last_updated,
    }))
  return { ...standing, interrupted: interrupted.slice(-mostOpen + 1) }
}
