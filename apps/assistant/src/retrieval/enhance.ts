import { createHash } from 'node:crypto'
import type { EnhancedQuery } from '../catalog/recognition.ts'
import type { RetrievalQuestion } from '../dialogue/retrieve.ts'

/** A question of at most so many characters, or one that points back, needs what was said before. */
const shortQuestion = 12
const pointsBack = /^(那|它|这|他|她|还有|what about|how about|and )|(它|这个|那个|\bit\b|\bthat\b)/i

function previous({ query, history }: RetrievalQuestion): string | undefined {
  const needed = Array.from(query).length <= shortQuestion || pointsBack.test(query)
  return needed ? history.at(-1)?.user : undefined
}

/** The hash that an enhanced question is kept under: 16 hexadecimal characters over all that it is made of. */
export function queryHash(question: RetrievalQuestion): string {
  const parts = JSON.stringify([question.query, previous(question) ?? null])
  return createHash('sha256').update(parts).digest('hex').slice(0, 16)
}

/** A question with what the session knows, for a service that does not (row A23). */
export function enhance(question: RetrievalQuestion, now: Date): EnhancedQuery {
  const before = previous(question)
  return {
    query_hash: queryHash(question),
    original_query: question.query,
    enhanced_query: before === undefined ? question.query : `${before}\n${question.query}`,
    context_used: before === undefined ? {} : { previous_question: before },
    enhanced_at: now.toISOString(),
  }
}
