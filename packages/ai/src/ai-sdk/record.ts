import type { Recording } from '../recording.ts'
import type { Answer } from '../shared-call.ts'
import type { GenerateResult, Part } from './model.ts'
import { mergedParts } from './parts.ts'

/** Reads a stream of a model to its end, whoever follows it, and gives what is to be kept of it. */
export async function recordStream(
  stream: ReadableStream<Part>,
  recording: Recording<Part, Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const reader = stream.getReader()
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) recording.push(next.value)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
  return { from: 'stream', body: mergedParts(recording.parts) }
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
