import type { AnswerFacts } from '../admission.ts'
import type { Answer } from '../call-plan.ts'
import type { Part } from './model.ts'
import { asResult } from './parts.ts'

/** What an answer is judged by. */
export function factsOf(answer: Answer): AnswerFacts {
  const { content, finishReason, structuredOutputText } = asResult(answer)
  return {
    complete: answer.from === 'generate' || isWhole(answer.body as readonly Part[]),
    finishReason: finishReason.unified,
    text:
      structuredOutputText ??
      content.map((part) => (part.type === 'text' ? String(part['text']) : '')).join(''),
    toolCalls: content
      .filter((part) => part.type === 'tool-call' && part['providerExecuted'] !== true)
      .map((part) => ({ name: String(part['toolName']), input: String(part['input']) })),
    other: content.some((part) => !['text', 'reasoning', 'tool-call'].includes(part.type)),
  }
}

/** Whether a stream came to its end without an error. */
function isWhole(parts: readonly Part[]): boolean {
  return parts.some(({ type }) => type === 'finish') && !parts.some(({ type }) => type === 'error')
}
