import type { ErrorDetail } from '@reprise/api'

/** One task of an order as somebody fills it in. */
export interface Entry {
  readonly id: number
  readonly kind: string
  /** The input as text, which may be no JSON yet. */
  readonly text: string
}

/** A task as the service takes it. */
export interface TaskRequest {
  readonly kind: string
  readonly input: Record<string, never>
}

/** The input of an entry; undefined for what is no object of JSON. */
export function inputOf({ text }: Entry): TaskRequest['input'] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as TaskRequest['input'])
      : undefined
  } catch {
    return undefined
  }
}

/** What the service says of the task at a place of an order: each refused field with its reason. */
export function problemOf(
  details: readonly ErrorDetail[],
  { index, alone }: { readonly index: number; readonly alone: boolean },
): string | undefined {
  const within = alone ? '' : `tasks.${index}.`
  const own = details.filter(({ field }) => field.startsWith(within))
  if (own.length === 0) return undefined
  return own.map(({ field, message }) => `${field.slice(within.length)}: ${message}`).join('; ')
}
