// One turn, in this order: clean the text, open the session, look up what is known, hear the message – an answer to the
// open question, or recognition with what was said before – decide, carry out or ask retrieval, write to the database,
// keep in the cache, answer. Nothing is read from the cache inside the transaction. Turns of one session queue within
// the process; a turn of another process is noticed when the row is locked, and this one begins again. What was carried
// out is not carried out again then: the yes was to what the user had seen, and its result is written after the other's.
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import type { HistoryTurn } from '../catalog/history.ts'
import { dayIn } from '../recognise/calendar.ts'
import type { Recogniser } from '../recognise/recogniser.ts'
import { besidesAnswer } from './answer.ts'
import { carryOut } from './carry-out.ts'
import { ChatError } from './chat-error.ts'
import { checkContext, checkId } from './check-request.ts'
import { commitTurn } from './commit-turn.ts'
import {
  type Context,
  type RequestContext,
  effectivePreferences,
  mergeContext,
  newContext,
  newSessionId,
  stateOf,
  timezoneOf,
} from './context.ts'
import { decide } from './decide.ts'
import type { DecideOptions, Decision } from './decision.ts'
import { type Executor, noExecutor } from './execute.ts'
import { withoutExpired } from './go-on.ts'
import { createHear } from './hear.ts'
import { detectLanguage, preferredLanguage } from './language.ts'
import { type Lookups, createLookups } from './lookups.ts'
import { recordTurn } from './record-turn.ts'
import { respond } from './respond.ts'
import { type Retriever, createRetriever } from './retrieve.ts'
import { sanitise } from './sanitise.ts'
import { createSessionCache } from './session-cache.ts'
import { stackAfter, withStack } from './stack.ts'
import { awaitedIn } from './standing.ts'
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
  readonly turn: number
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
  /** Carries out what is complete and confirmed. @default one that is connected to nothing and says so */
  readonly executor?: Executor | undefined
  /** Answers what no intent does. @default the service that the configuration `ragflow` names, if any */
  readonly retriever?: Retriever | undefined
  /** The secret of that service. */
  readonly retrievalKey?: string | undefined
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
  const { executor = noExecutor, retrievalKey } = options
  const lookups = createLookups(cache, database, now)
  const configured = { config: () => lookups.retrieval(), apiKey: retrievalKey, now, onFailure: onError }
  const retriever = options.retriever ?? createRetriever(configured)
  const sessions = createSessionCache({ cache, database, now, onError })
  const hear = createHear(createUnderstand(cache, recogniser, now))
  const queue = createTurnQueue()

  /** The session as it is before the turn; a new one where the request names none. */
  async function open(request: TurnRequest, fresh: boolean): Promise<Opened> {
    const { sessionId, userId } = request
    const opened = sessionId === undefined ? undefined : await sessions.open(sessionId, userId, { fresh })
    const profile = await lookups.profile(userId)
    if (sessionId === undefined || opened === undefined) {
      const language = preferredLanguage(profile.preferences.language)
      const context = newContext({ sessionId: newSessionId(), userId, now: now(), language })
      return { context: mergeContext(context, request.context ?? {}, profile), history: [], stack: undefined }
    }
    const { context } = opened
    return {
      context: mergeContext(context, request.context ?? {}, profile),
      history: await sessions.history(sessionId, { fresh, turn: stateOf(context).turn }),
      stack: fresh ? undefined : await sessions.stack(sessionId),
    }
  }

  /** Nothing is carried out by what was decided about a session that has moved on. */
  async function isCurrent({ sessionId }: TurnRequest, last: number): Promise<boolean> {
    return sessionId === undefined || sessions.isCurrent(sessionId, last)
  }

  async function optionsOf(context: Context, text: string, at: Date): Promise<DecideOptions> {
    const knowledge = await lookups.knowledge()
    const { language, turn } = stateOf(context)
    return {
      knowledge,
      dependencies: await lookups.dependencies(knowledge.intents),
      functions: await lookups.functions(knowledge.intents),
      prompts: [...(await lookups.prompts('confirmation')), ...(await lookups.prompts('disambiguation'))],
      preferences: effectivePreferences(context),
      thresholds: await lookups.thresholds(),
      now: at,
      today: dayIn(at, timezoneOf(context)),
      language: detectLanguage(text, language),
      turn: turn + 1,
    }
  }

  async function attempt(request: TurnRequest, text: string, again: Again): Promise<TurnReply | undefined> {
    const began = performance.now()
    const at = now()
    const { context, history, stack } = await open(request, again.fresh)
    const deciding = await optionsOf(context, text, at)
    checkLength(deciding)
    const standing = withoutExpired(withStack(stateOf(context).standing, stack), at)
    let decision = again.carriedOut
    if (decision === undefined) {
      const awaited = awaitedIn(standing)
      // 不对，是后天: beside a no, only the rest is there to recognise.
      const answering = standing.question?.kind === 'confirm' || standing.question?.kind === 'change'
      const heard = await hear(
        {
          text: answering ? besidesAnswer(text) : text,
          knowledge: deciding.knowledge,
          now: at,
          timezone: timezoneOf(context),
          history,
          awaited,
          signal: request.signal,
        },
        request.userId,
        {
          user_preferences: true,
          conversation_history: awaited !== undefined || (recogniser.usesHistory && history.length > 0),
          business_context: false,
        },
      )
      const decided = decide({ ...heard, text }, standing, deciding)
      if (decided.call !== undefined && !(await isCurrent(request, deciding.turn - 1))) return undefined
      const parts = { executor, retriever, context, history, signal: request.signal }
      decision = await carryOut(decided, deciding, parts)
      if (decided.call !== undefined) again.carriedOut = decision
    }
    const { language, knowledge, thresholds, turn } = deciding
    const response = respond(decision, await lookups.responseType(decision.responseType), language)
    const { session_id: sessionId, user_id: userId } = context
    const record = recordTurn(
      { text, at, context, history, decision, response, language, turn },
      {
        fresh: request.sessionId === undefined,
        timeoutSeconds: thresholds.session_timeout_seconds,
        elapsed: performance.now() - began,
      },
    )
    const committed = await commitTurn(database, record)
    if (committed === undefined) return undefined
    const kept = stackAfter(decision, standing, { knowledge, sessionId, userId, turn, now: at })
    await sessions.keep(record, committed, kept)
    return { sessionId, turn, confidence: decision.confidence, response, decision }
  }

  return {
    lookups,
    async turn(request) {
      const text = sanitise(request.input)
      checkId('user_id', request.userId)
      if (request.sessionId !== undefined) checkId('session_id', request.sessionId)
      checkContext(request.context ?? {})
      const again: Again = { fresh: false, carriedOut: undefined }
      if (request.sessionId === undefined) return answered(await attempt(request, text, again))
      return queue.run(request.sessionId, async () => {
        for (let count = 0; count < mostAttempts; count += 1) {
          const reply = await attempt(request, text, again)
          if (reply !== undefined) return reply
          again.fresh = true
        }
        return answered(undefined)
      })
    },
  }
}

/** @throws ChatError SESSION_FULL when a session has had all the turns that it may have (row A9) */
function checkLength({ turn, thresholds: { max_conversation_turns: most } }: DecideOptions): void {
  if (turn <= most) return
  throw new ChatError(
    'SESSION_FULL',
    `This session has had its ${most} turns: begin a new one, without session_id`,
  )
}

interface Opened {
  readonly context: Context
  readonly history: readonly HistoryTurn[]
  readonly stack: Awaited<ReturnType<ReturnType<typeof createSessionCache>['stack']>>
}

/** What a turn that begins again knows of its attempt before. */
interface Again {
  fresh: boolean
  carriedOut: Decision | undefined
}

function answered(reply: TurnReply | undefined): TurnReply {
  if (reply !== undefined) return reply
  throw new ChatError('SESSION_BUSY', 'Other messages of this session keep coming first: send this one again')
}
