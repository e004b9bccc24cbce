import type { HistoryTurn } from '../catalog/history.ts'
import type { SessionContext } from '../catalog/session.ts'
import type { ConversationStatuses } from '../catalog/status.ts'
import type { TurnRecord } from './commit-turn.ts'
import { type Session, deriveSession } from './context.ts'
import type { Decision } from './decision.ts'
import type { Language } from './language.ts'
import { historyLimit, shortTurns } from './session-store.ts'
import type { Understanding } from './understand.ts'

/** A turn as it came out: what was said, understood, decided and answered. `merged` is the context before it. */
export interface Outcome {
  readonly text: string
  readonly at: Date
  readonly merged: Session['context']
  readonly history: readonly HistoryTurn[]
  readonly understood: Understanding
  readonly decision: Decision
  readonly response: string
  readonly language: Language
  readonly statuses: ConversationStatuses
}

function describeTurn(outcome: Outcome, elapsed: number): HistoryTurn {
  const { decision, merged, understood } = outcome
  return {
    turn: merged.dialogue.turn + 1,
    timestamp: outcome.at.toISOString(),
    user_input: outcome.text,
    intent_recognized: decision.intent,
    confidence: understood.confidence,
    slots_extracted: Object.fromEntries(
      (decision.filling?.given ?? []).map(({ slot, found }) => [slot.slot_name, found.value]),
    ),
    slots_filled: decision.slots,
    system_response: outcome.response,
    response_type: decision.responseType,
    processing_time_ms: Math.round(elapsed * 100) / 100,
    ...(merged.request_trace_id === undefined ? {} : { request_trace_id: merged.request_trace_id }),
  }
}

/** The session after a turn. Talk leaves the task as it is; a final status ends it, and cancelling forgets it. */
function contextAfter(outcome: Outcome, turns: readonly HistoryTurn[]): Session['context'] {
  const { decision, merged, statuses } = outcome
  const { turn: before, done } = merged.dialogue
  const cancelled = decision.status === 'intent_cancelled'
  const final = statuses.status.find(({ status_code }) => status_code === decision.status)?.is_final ?? false
  const task = decision.filling === undefined ? merged.current_intent : decision.intent
  const context: SessionContext = {
    ...merged,
    current_intent: cancelled ? null : task,
    current_slots: decision.slots,
    conversation_history: shortTurns(turns),
  }
  return {
    ...context,
    dialogue: {
      turn: before + 1,
      done: decision.filling === undefined ? done || cancelled : final,
      language: outcome.language,
      ...(decision.awaited === undefined ? {} : { awaited: decision.awaited }),
    },
  }
}

/** All that a turn leaves, to be written at once. Times are seconds for the session's life, milliseconds for the turn's. */
export function recordTurn(
  outcome: Outcome,
  options: { readonly fresh: boolean; readonly timeoutSeconds: number; readonly elapsed: number },
): TurnRecord {
  const { decision, at } = outcome
  const turn = describeTurn(outcome, options.elapsed)
  const history = [...outcome.history, turn].slice(-historyLimit)
  return {
    session: deriveSession(0, contextAfter(outcome, history)),
    fresh: options.fresh,
    turn,
    history,
    status: decision.status,
    given: decision.filling?.given ?? [],
    kept: decision.filling?.kept ?? Object.keys(decision.slots),
    missing: decision.missing.length,
    expiresAt: new Date(at.getTime() + options.timeoutSeconds * 1000),
  }
}
