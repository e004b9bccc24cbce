import { bytesOf, canonicalText } from './canonical.ts'
import { type FieldName, fieldNames, readFields } from './fields.ts'
import type { KeyOptions, ModelCallRequest } from './request.ts'

/** One place in which two requests differ. */
export interface KeyDifference {
  readonly field: FieldName
  /** Such as `messages[1].content[0].text`. */
  readonly path: string
  /** What the first has there, as canonical text of at most 80 characters; undefined for nothing. */
  readonly a: string | undefined
  readonly b: string | undefined
}

/**
 * Why two requests are not one key (row F9): every place in which they differ, in the order of the fields; empty when they are
 * one. The texts are parts of prompts: show them only to who may read those. @throws E_CALL_FIELD, E_CALL_VALUE
 */
export function explainKey(
  a: ModelCallRequest,
  b: ModelCallRequest,
  options: KeyOptions = {},
): KeyDifference[] {
  const [first, second] = [readFields(a, options), readFields(b, options)]
  return fieldNames.flatMap((field) => differences(field, field, [first[field], second[field]]))
}

function differences(field: FieldName, path: string, [a, b]: readonly [unknown, unknown]): KeyDifference[] {
  const texts = [a, b].map((value) => (value === undefined ? undefined : canonicalText(value, path)))
  if (texts[0] === texts[1]) return []
  if (isBranch(a) && isBranch(b) && Array.isArray(a) === Array.isArray(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return names.flatMap((name) =>
      differences(field, Array.isArray(a) ? `${path}[${name}]` : `${path}.${name}`, [a[name], b[name]]),
    )
  }
  return [{ field, path, a: cut(texts[0]), b: cut(texts[1]) }]
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    bytesOf(value) === undefined &&
    !(value instanceof Date || value instanceof URL)
  )
}

function cut(text: string | undefined): string | undefined {
  return text !== undefined && text.length > 80 ? `${text.slice(0, 77)}...` : text
}
