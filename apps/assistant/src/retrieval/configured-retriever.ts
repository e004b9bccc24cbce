// Retrieval with what document 000 keeps of it: questions with what was said before, the questions of a session, and
// how far the service's minute is used up (row A23).
import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { queryHistorySpace } from '../catalog/history.ts'
import { enhancedQuerySpace } from '../catalog/recognition.ts'
import type { Lookups } from '../dialogue/lookups.ts'
import { type RetrievalQuestion, type Retriever, createRetriever } from '../dialogue/retrieve.ts'
import { loadQueries } from '../documents/session-documents.ts'
import { enhance, queryHash } from './enhance.ts'
import { createRateLimit } from '../limits/rate-limit.ts'

/** What a configured retriever works with. */
export interface ConfiguredRetrieverOptions {
  readonly cache: Cache
  readonly database: Database
  readonly lookups: Pick<Lookups, 'retrieval'>
  /** The secret of the service; none is sent without it. */
  readonly apiKey: string | undefined
  readonly now: () => Date
  readonly onError: (error: unknown) => void
}

/** Most questions of a session that are kept. */
const mostQueries = 50

/** Makes a retriever that asks the service of the configuration, within its limit; without one it has nothing to say. */
export function createConfiguredRetriever(options: ConfiguredRetrieverOptions): Retriever {
  const { cache, database, lookups, apiKey, now, onError } = options
  const queries = cache.open(queryHistorySpace)
  const enhanced = cache.open(enhancedQuerySpace)
  const limit = createRateLimit(options)
  const config = () => lookups.retrieval()
  const service = createRetriever({ config, apiKey, now, onFailure: onError })

  async function remember({ sessionId: session_id, query }: RetrievalQuestion, sent: string): Promise<void> {
    const before = await queries.getOrLoad({ session_id }, () => loadQueries(database, session_id))
    const entry = { query, enhanced_query: sent, timestamp: now().toISOString() }
    await queries.set({ session_id }, [...before, entry].slice(-mostQueries))
  }

  return {
    async ask(question) {
      const { config_name, api_endpoint, is_active, rate_limit_per_minute } = await config()
      if (!is_active || api_endpoint === '') return undefined
      if (!(await limit.take(config_name, rate_limit_per_minute))) return undefined
      const { enhanced_query: query } = await enhanced.getOrLoad({ query_hash: queryHash(question) }, () =>
        enhance(question, now()),
      )
      await remember(question, query).catch(onError)
      return service.ask({ ...question, query })
    },
  }
}
