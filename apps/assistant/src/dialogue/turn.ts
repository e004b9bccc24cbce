// One turn, in this order: clean the text, open the session, look up what is known, recognise, decide, write to the
// database, keep in the cache, answer. Nothing is read from the cache inside the transaction. Turns of one session
// queue within the process; a turn of another process is noticed when the row is locked, and this one begins again.
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { dayIn } from '../recognise/calendar.ts'
import type { Awaited, Recogniser } from '../recognise/recogniser.ts'
import { ChatError } from './chat-error.ts'
import { checkContext, checkId } from './check-request.ts'
import { commitTurn } from './commit-turn.ts'
import {
  type RequestContext,
  mergeContext,
  newContext,
  newSessionId,
  timezoneOf,
  type Session,
} from './context.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { detectLanguage, preferredLanguage } from './language.ts'
import { type Lookups, createLookups } from './lookups.ts'
import { recordTurn } from './record-turn.ts'
import { respond } from './respond.ts'
import { sanitise } from './sanitise.ts'
import { createSessionCache } from './session-cache.ts'
import { createTurnQueue } from './turn-queue.ts'
import { createUnderstand } from './understand.ts'

/** What a user said. */
export interface TurnRequest {
  readonly userId: string
  readonly input: string
  readonly sessionId?: string | undefined
  readonly context?: RequestContext | undefined
  readonly signal?: AbortSignal | undefined
}

/** What the assistant answers. */
export interface TurnReply {
  readonly sessionId: string
  readonly confidence: number
  readonly response: string
  readonly decision: Decision
}

/** Holds conversations (row A24). */
export interface Dialogue {
  readonly lookups: Lookups
  /** @throws ChatError; errors of the cache's loaders and of the database */
  turn(request: TurnRequest): Promise<TurnReply>
}

/** What a dialogue works with. */
export interface DialogueOptions {
  readonly cache: Cache
  readonly database: Database
  readonly recogniser: Recogniser
  /** @default the machine's clock */
  readonly now?: () => Date
  /** Hears of entries that could not be kept; the turn is answered all the same. */
  readonly onError?: (error: unknown) => void
}

/** How often a turn begins again when other processes write to its session. */
const mostAttempts = 4

/** Makes the dialogue over a cache and a database. */
export function createDialogue(options: DialogueOptions): Dialogue {
  const { cache, database, recogniser, now = () => new Date(), onError = () => undefined } = options
  const lookups = createLookups(cache, database, now)
  const sessions = createSessionCache({ cache, database, now, onError })
  const understand = createUnderstand(cache, recogniser, now)
  const queue = createTurnQueue()

  async function attempt(request: TurnRequest, text: string, fresh: boolean): Promise<TurnReply | undefined> {
    const began = performance.now()
    const at = now()
    const known = request.sessionId
    const opened = known === undefined ? undefined : await sessions.open(known, request.userId, { fresh })
    const profile = await lookups.profile(request.userId)
    const context =
      opened?.context ??
      newContext({
        sessionId: newSessionId(),
        userId: request.userId,
        now: at,
        language: preferredLanguage(profile.preferences.language),
      })
    const history = known === undefined ? [] : await sessions.history(known, { fresh })
    const [knowledge, thresholds, statuses] = [
      await lookups.knowledge(),
      await lookups.thresholds(),
      await lookups.statuses(),
    ]
    const merged = mergeContext(context, request.context ?? {}, profile)
    const state = context.dialogue
    const timezone = timezoneOf(merged)
    const understood = await understand(
      { text, knowledge, now: at, timezone, history, awaited: awaitedIn(context), signal: request.signal },
      request.userId,
      {
        user_preferences: true,
        conversation_history: state.awaited !== undefined || (recogniser.usesHistory && history.length > 0),
        business_context: false,
      },
    )
    const language = detectLanguage(text, state.language)
    const situation = { intent: context.current_intent, slots: context.current_slots, state }
    const decision = decide(understood, situation, {
      knowledge,
      today: dayIn(at, timezone),
      language,
      slotThreshold: thresholds.slot_confidence_threshold,
    })
    const response = respond(decision, await lookups.responseType(decision.responseType), language)
    const outcome = { text, at, merged, history, understood, decision, response, language, statuses }
    const record = recordTurn(outcome, {
      fresh: known === undefined,
      timeoutSeconds: thresholds.session_timeout_seconds,
      elapsed: performance.now() - began,
    })
    const committed = await commitTurn(database, record)
    if (committed === undefined) return undefined
    await sessions.keep(record.session, record.history, committed)
    return { sessionId: record.session.session_id, confidence: understood.confidence, response, decision }
  }

  return {
    lookups,
    async turn(request) {
      const text = sanitise(request.input)
      checkId('user_id', request.userId)
      if (request.sessionId !== undefined) checkId('session_id', request.sessionId)
      checkContext(request.context ?? {})
      if (request.sessionId === undefined) return answered(await attempt(request, text, false))
      return queue.run(request.sessionId, async () => {
        for (let count = 0; count < mostAttempts; count += 1) {
          const reply = await attempt(request, text, count > 0)
          if (reply !== undefined) return reply
        }
        return answered(undefined)
      })
    },
  }
}

/** What the session waits for; after a finished task, that it may be amended. */
function awaitedIn({ current_intent: intent, dialogue }: Session['context']): Awaited | undefined {
  if (dialogue.awaited !== undefined || intent === null) return dialogue.awaited
  return { intent_name: intent, slot_name: '' }
}

function answered(reply: TurnReply | undefined): TurnReply {
  if (reply !== undefined) return reply
  throw new ChatError('SESSION_BUSY', 'Other messages of this session keep coming first: send this one again')
}
