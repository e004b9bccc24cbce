import { z } from 'zod'
import type { RagflowConfig } from '../catalog/settings.ts'

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
  /** Read for every question, so that a change of configuration is followed at once. */
  readonly config: () => Promise<RagflowConfig>
  /** Sent as a bearer token; never part of the configuration that the cache keeps. */
  readonly apiKey?: string | undefined
  /** @default the machine's clock */
  readonly now?: () => Date
  /** Hears why there was no answer. */
  readonly onFailure?: (error: unknown) => void
}

const Reply = z.union([
  z.looseObject({ data: z.looseObject({ answer: z.string() }) }).transform(({ data }) => data.answer),
  z.looseObject({ answer: z.string() }).transform(({ answer }) => answer),
])

/**
 * A retriever over HTTP, in the manner of RAGFlow's completions: `{ question, stream: false, … }` is posted, and
 * `data.answer` or `answer` comes back. After `failure_threshold` failures in a row the service is left alone for
 * `health_check_interval_seconds`, so that a turn does not wait for its time-out each time.
 */
export function createRetriever(options: RetrieverOptions): Retriever {
  const { config, apiKey, now = () => new Date(), onFailure = () => undefined } = options
  let failures = 0
  let rested = 0

  async function post(question: RetrievalQuestion, service: RagflowConfig): Promise<string> {
    const { query, sessionId, userId, history, signal } = question
    const late = AbortSignal.timeout(service.timeout_seconds * 1000)
    const response = await fetch(service.api_endpoint, {
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
      const service = await config()
      if (!service.is_active || service.api_endpoint === '') return undefined
      if (failures >= service.failure_threshold && now().getTime() < rested) return undefined
      try {
        const answer = await post(question, service)
        failures = 0
        return answer === '' ? undefined : answer
      } catch (error) {
        if (question.signal?.aborted === true) throw error
        failures += 1
        rested = now().getTime() + service.health_check_interval_seconds * 1000
        onFailure(error)
        return undefined
      }
    },
  }
}
