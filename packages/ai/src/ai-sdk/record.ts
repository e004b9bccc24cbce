import type { Answer } from '../call-plan.ts'
import type { GenerateResult, Part } from './model.ts'
import { gathered } from './parts.ts'

/** Reads a stream of a model to its end, whoever follows it, and gives what is to be kept of it. */
export async function recordStream(
  stream: ReadableStream<Part>,
  push: (part: Part) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const reader = stream.getReader()
  const parts: Part[] = []
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value)
      push(next.value)
    }
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  return gathered(parts)
}

/** A result as it is kept: without headers and bodies, which are of one exchange and may hold secrets. */
export function withoutTransport(result: GenerateResult & { readonly request?: unknown }): GenerateResult {
  const { request: _request, response, ...kept } = result
  if (response === undefined) return kept
  const { headers: _headers, body: _body, ...metadata } = response
  return { ...kept, response: metadata }
}

/** A copy, so that no caller changes what others get. */
export function copied<T>(value: T): T {
  try {
    return structuredClone(value)
  } catch {
    return value
  }
}
