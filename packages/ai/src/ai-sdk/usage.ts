import type { Answer } from '../call-plan.ts'
import type { TokenUsage } from '../ledger/usage.ts'
import type { Usage } from './model.ts'
import { asResult } from './parts.ts'

/** Tokens as the ledger counts them. */
export function tokensOf({ inputTokens, outputTokens }: Usage): TokenUsage {
  const { noCache = 0, cacheRead = 0, cacheWrite = 0 } = inputTokens
  const { text = 0, reasoning = 0 } = outputTokens
  return {
    input: inputTokens.total ?? noCache + cacheRead + cacheWrite,
    cacheRead,
    cacheWrite,
    output: outputTokens.total ?? text + reasoning,
    reasoning,
  }
}

/** The tokens of an answer. */
export function usageOf(answer: Answer): TokenUsage {
  return tokensOf(asResult(answer).usage)
}
