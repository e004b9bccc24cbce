import { z } from 'zod'

/** A question that the intents have no answer for, with what was said before. */
export interface RetrievalQuestion {
  readonly query: string
  readonly sessionId: string
  readonly userId: string
  readonly history: readonly { readonly user: string; readonly assistant: string }[]
  readonly signal?: AbortSignal | undefined
}

/** Answers from documents; undefined when there is nothing to say, or the service is away. */
export interface Retriever {
  ask(question: RetrievalQuestion): Promise<string | undefined>
}

/** How a retrieval service is reached. */
export interface RetrieverOptions {
  /** Where questions are posted, such as `http://127.0.0.1:9380/api/v1/chats/ID/completions`. */
  readonly url: string
  readonly apiKey?: string | undefined
  /** Milliseconds. @default 10 000 */
  readonly timeout?: number
  /** So many failures in a row, and it is left alone for `pause`. @default 3 */
  readonly failureThreshold?: number
  /** Milliseconds. @default 300 000 */
  readonly pause?: number
  readonly now?: () => Date
  readonly onFailure?: (error: unknown) => void
}

const Reply = z.union([
  z.looseObject({ data: z.looseObject({ answer: z.string() }) }).transform(({ data }) => data.answer),
  z.looseObject({ answer: z.string() }).transform(({ answer }) => answer),
])

/**
 * A retriever over HTTP, in the manner of RAGFlow's completions: `{ question, stream: false, … }` is posted, and
 * `data.answer` or `answer` comes back. A service that keeps failing is left alone for a while, so that a turn does not
 * wait for its time-out each time.
 */
export function createRetriever(options: RetrieverOptions): Retriever {
  const { url, apiKey, timeout = 10_000, failureThreshold = 3, pause = 300_000 } = options
  const { now = () => new Date(), onFailure = () => undefined } = options
  let failures = 0
  let rested = 0

  async function post({ query, sessionId, userId, history, signal }: RetrievalQuestion): Promise<string> {
    const late = AbortSignal.timeout(timeout)
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        question: query,
        stream: false,
        session_id: sessionId,
        user_id: userId,
        history,
      }),
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    })
    if (!response.ok) throw new Error(`The retrieval service answered ${response.status}`)
    return Reply.parse(await response.json()).trim()
  }

  return {
    async ask(question) {
      if (failures >= failureThreshold && now().getTime() < rested) return undefined
      try {
        const answer = await post(question)
        failures = 0
        return answer === '' ? undefined : answer
      } catch (error) {
        if (question.signal?.aborted === true) throw error
        failures += 1
        rested = now().getTime() + pause
        onFailure(error)
        return undefined
      }
    },
  }
}
