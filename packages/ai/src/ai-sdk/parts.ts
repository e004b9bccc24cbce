/** Results as the parts of a stream and back, so that one entry answers calls of both kinds. */
import type { Answer } from '../call-plan.ts'
import { type GenerateResult, type Part, noUsage } from './model.ts'

type Block = 'text' | 'reasoning'

/** The parts of a stream that says what a result says. */
export function partsOf(result: GenerateResult): Part[] {
  const { content, finishReason, usage, providerMetadata, response, warnings } = result
  const { id, modelId, timestamp } = response ?? {}
  const named = Object.entries({ id, modelId, timestamp }).filter(([, value]) => value !== undefined)
  return [
    { type: 'stream-start', warnings },
    ...(named.length === 0 ? [] : [{ type: 'response-metadata', ...Object.fromEntries(named) }]),
    ...content.flatMap((part, index) => contentParts(part, String(index))),
    { type: 'finish', finishReason, usage, ...(providerMetadata === undefined ? {} : { providerMetadata }) },
  ]
}

function contentParts(part: Part, id: string): Part[] {
  const { type, text, ...rest } = part
  if ((type !== 'text' && type !== 'reasoning') || typeof text !== 'string') return [part]
  const { providerMetadata } = rest
  return [
    { type: `${type}-start`, id, ...(providerMetadata === undefined ? {} : { providerMetadata }) },
    { type: `${type}-delta`, id, delta: text },
    { type: `${type}-end`, id, ...rest },
  ]
}

/** The result that the parts of a whole stream say. */
export function resultOf(parts: readonly Part[]): GenerateResult {
  const content: Part[] = []
  const open = new Map<string, { readonly at: number; readonly block: Block }>()
  let response: Record<string, unknown> | undefined
  let warnings: readonly unknown[] = []
  let finish: Part | undefined
  for (const part of parts) {
    const { type, id, delta, ...rest } = part
    const match = /^(text|reasoning)-(start|delta|end)$/.exec(type)
    if (match !== null) {
      const block = match[1] as Block
      const name = `${block} ${String(id)}`
      if (match[2] === 'start') {
        open.set(name, { at: content.length, block })
        content.push({ type: block, text: '', ...rest })
        continue
      }
      const at = open.get(name)?.at
      const before = at === undefined ? undefined : content[at]
      if (at === undefined || before === undefined) continue
      // Like the AI SDK: the last metadata of a block is its metadata.
      content[at] = {
        ...before,
        ...rest,
        text: `${String(before['text'])}${match[2] === 'delta' ? String(delta) : ''}`,
      }
      if (match[2] === 'end') open.delete(name)
    } else if (type === 'stream-start') warnings = (part['warnings'] as readonly unknown[] | undefined) ?? []
    else if (type === 'response-metadata') {
      const { type: _, ...metadata } = part
      response = { ...response, ...metadata }
    } else if (type === 'finish') finish = part
    else if (!/^(tool-input-|raw$|error$|ping$)/.test(type)) content.push(part)
  }
  const { finishReason, usage, providerMetadata } = (finish ?? {}) as Partial<GenerateResult>
  return {
    content,
    finishReason: finishReason ?? { unified: 'other', raw: undefined },
    usage: usage ?? noUsage,
    ...(providerMetadata === undefined ? {} : { providerMetadata }),
    ...(response === undefined ? {} : { response }),
    warnings,
  }
}

/** The parts of a stream with neighbouring deltas of one block as one: what is kept of it. */
function mergedParts(parts: readonly Part[]): Part[] {
  const merged: Part[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (
      last !== undefined &&
      isPlainDelta(part) &&
      isPlainDelta(last) &&
      last.type === part.type &&
      last.id === part.id
    ) {
      merged[merged.length - 1] = { ...last, delta: last.delta + part.delta }
    } else merged.push(part)
  }
  return merged
}

interface Delta extends Part {
  readonly id: string
  readonly delta: string
}

function isPlainDelta(part: Part): part is Delta {
  return part.type.endsWith('-delta') && typeof part['delta'] === 'string' && Object.keys(part).length === 3
}

/** The answer that the parts of a stream are, as it is kept. */
export function gathered(parts: readonly Part[]): Answer {
  return { from: 'stream', body: mergedParts(parts) }
}

/** An answer as a result. */
export function asResult({ from, body }: Answer): GenerateResult {
  return from === 'generate' ? (body as GenerateResult) : resultOf(body as readonly Part[])
}

/** An answer as the parts of a stream. */
export function asParts({ from, body }: Answer): readonly Part[] {
  return from === 'stream' ? (body as readonly Part[]) : partsOf(body as GenerateResult)
}
