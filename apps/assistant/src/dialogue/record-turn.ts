import type { HistoryTurn } from '../catalog/history.ts'
import type { SessionContext } from '../catalog/session.ts'
import type { TurnRecord } from './commit-turn.ts'
import { type Context, deriveSession } from './context.ts'
import type { Decision } from './decision.ts'
import type { Language } from './language.ts'
import { historyLimit, shortTurns } from './session-store.ts'

/** A turn as it came out: what was said, decided and answered. `context` is the one before it, with the request's. */
export interface Outcome {
  readonly text: string
  readonly at: Date
  readonly context: Context
  readonly history: readonly HistoryTurn[]
  readonly decision: Decision
  readonly response: string
  readonly language: Language
  readonly turn: number
}

function describeTurn(outcome: Outcome, elapsed: number): HistoryTurn {
  const { decision, context } = outcome
  const own = decision.fillings.filter(({ intent }) => intent.intent_name === decision.intent)
  return {
    turn: outcome.turn,
    timestamp: outcome.at.toISOString(),
    user_input: outcome.text,
    intent_recognized: decision.intent,
    confidence: decision.confidence,
    slots_extracted: Object.fromEntries(
      own.flatMap(({ given }) => given.map(({ slot, found }) => [slot.slot_name, found.value])),
    ),
    slots_filled: aboutTask(decision) ? decision.slots : {},
    ...(decision.apiResult === undefined
      ? {}
      : { api_call_result: decision.apiResult as NonNullable<HistoryTurn['api_call_result']> }),
    system_response: outcome.response,
    response_type: decision.responseType,
    processing_time_ms: Math.round(elapsed * 100) / 100,
    ...(context.request_trace_id === undefined ? {} : { request_trace_id: context.request_trace_id }),
  }
}

/** Whether the turn was about a task: talk leaves the values of the one under way to the turns that gave them. */
function aboutTask({ fillings, confirmed, nextAction, intent, standing }: Decision): boolean {
  return (
    fillings.length > 0 ||
    confirmed === true ||
    (nextAction === 'correct_slot' && intent === standing.task?.intent_name)
  )
}

function contextAfter(outcome: Outcome, turns: readonly HistoryTurn[]): Context {
  const { decision, context, turn, language } = outcome
  const { standing } = decision
  const after: SessionContext = {
    ...context,
    current_intent: standing.task?.intent_name ?? null,
    current_slots: standing.task?.slots ?? {},
    conversation_history: shortTurns(turns),
  }
  return { ...after, dialogue: { turn, standing, language } }
}

/** All that a turn leaves, to be written at once. Times are seconds for the session's life, milliseconds for the turn's. */
export function recordTurn(
  outcome: Outcome,
  options: { readonly fresh: boolean; readonly timeoutSeconds: number; readonly elapsed: number },
): TurnRecord {
  const { decision, at } = outcome
  const turn = describeTurn(outcome, options.elapsed)
  const history = [...outcome.history, turn].slice(-historyLimit)
  const about = aboutTask(decision) && decision.intent !== null
  const kept = about ? [{ intent: decision.intent ?? '', slots: keptOf(decision) }] : []
  return {
    session: deriveSession(0, contextAfter(outcome, history)),
    fresh: options.fresh,
    turn,
    history,
    status: decision.status,
    given: decision.fillings.flatMap(({ given }) => given),
    kept,
    confirmed: decision.confirmed === true,
    missing: decision.missing.length,
    transfers: decision.transfers,
    expiresAt: new Date(at.getTime() + options.timeoutSeconds * 1000),
  }
}

function keptOf({ fillings, intent, slots }: Decision): readonly string[] {
  const own = fillings.find((filling) => filling.intent.intent_name === intent)
  return own === undefined ? Object.keys(slots) : own.kept
}
