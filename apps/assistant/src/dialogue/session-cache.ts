import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { type HistoryTurn, conversationHistorySpace, transferHistorySpace } from '../catalog/history.ts'
import { sessionBasicSpace, sessionSpace } from '../catalog/session.ts'
import { slotValueRecordSpace, slotValuesSpace } from '../catalog/slot-value.ts'
import { ChatError } from './chat-error.ts'
import { stackSpace } from '../catalog/stack.ts'
import type { CommittedTurn, TurnRecord } from './commit-turn.ts'
import { type Session, deriveSession } from './context.ts'
import { historyLimit, loadHistory, loadLastTurn, loadSession } from './session-store.ts'
import type { TurnStack } from './stack.ts'

/** Sessions and their turns, read through the cache and kept in it after each turn. */
export interface SessionCache {
  /**
   * A session of a user. `fresh` reads past the cache, after another process was seen to have written.
   * @throws ChatError SESSION_NOT_FOUND: unknown, run out, or somebody else's, which look the same from outside
   */
  open(sessionId: string, userId: string, options?: { readonly fresh?: boolean }): Promise<Session>
  /** The newest turns up to `turn` (row A7); kept ones that end before it are read again. */
  history(
    sessionId: string,
    options: { readonly fresh: boolean; readonly turn: number },
  ): Promise<readonly HistoryTurn[]>
  /** Whether `turn` is the session's last in the database: a kept session may be a moment behind another process. */
  isCurrent(sessionId: string, turn: number): Promise<boolean>
  /** The intent stack as it is kept (row A10); the session itself has all that ours says. */
  stack(sessionId: string): Promise<TurnStack | undefined>
  /** Keeps what a turn left, which the database has already. */
  keep(record: TurnRecord, committed: CommittedTurn, stack: TurnStack): Promise<void>
}

/** Opens the session spaces. `now` tells the time; `onError` hears of entries that could not be kept. */
export function createSessionCache(options: {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  readonly onError: (error: unknown) => void
}): SessionCache {
  const { cache, database, now } = options
  const whole = cache.open(sessionBasicSpace)
  const contexts = cache.open(sessionSpace)
  const histories = cache.open(conversationHistorySpace)
  const slotValues = cache.open(slotValuesSpace)
  const slotValue = cache.open(slotValueRecordSpace)
  const stacks = cache.open(stackSpace)
  const transferred = cache.open(transferHistorySpace)

  return {
    async open(sessionId, userId, { fresh = false } = {}) {
      const cached = fresh ? undefined : ((await whole.get({ session_id: sessionId })) as Session | undefined)
      const session = cached ?? (await loadSession(database, sessionId, now()))
      if (session === undefined || session.user_id !== userId) {
        throw new ChatError(
          'SESSION_NOT_FOUND',
          `There is no session ${JSON.stringify(sessionId)} of this user: leave session_id out to begin a new one`,
        )
      }
      return session
    },
    async history(sessionId, { fresh, turn }) {
      const load = () => loadHistory(database, sessionId)
      if (fresh) return load()
      const kept = await histories.getOrLoad({ session_id: sessionId, limit: historyLimit }, load)
      return (kept.at(-1)?.turn ?? 0) === turn ? kept : load()
    },
    isCurrent: async (sessionId, turn) => (await loadLastTurn(database, sessionId)) === turn,
    stack: (sessionId) => stacks.get({ session_id: sessionId }),
    async keep({ session, history, transfers }, { sessionRow, slotValues: values }, stack) {
      const session_id = session.session_id
      const conversation_id = `conv_${values.conversation_id}`
      const results = await Promise.allSettled([
        whole.set({ session_id }, deriveSession(sessionRow, session.context)),
        contexts.set({ session_id }, session.context),
        histories.set({ session_id, limit: historyLimit }, [...history]),
        stacks.set({ session_id }, stack),
        ...(transfers.length === 0 ? [] : [transferred.delete({ session_id, limit: historyLimit })]),
        slotValues.set({ conversation_id }, values),
        ...values.slot_values.map((value) =>
          slotValue.set({ conversation_id, slot_id: value.slot_id }, value),
        ),
      ])
      for (const result of results) if (result.status === 'rejected') options.onError(result.reason)
    },
  }
}
