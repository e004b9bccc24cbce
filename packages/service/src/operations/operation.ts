import { boundedDetails, cleanText } from './redact.ts'

/** How an operation ended: done, gone wrong, or not allowed to begin. */
export type OperationResult = 'done' | 'failed' | 'refused'

/** Who did something. */
export interface Actor {
  readonly id: string
  readonly username: string
  /** The tenant that the user is bound to. @default none */
  readonly tenant?: string | undefined
}

/** Something that was done, or was tried, as it is given to the operation log (row B9). */
export interface Operation {
  /** What kind of thing, in two words with a dot: `cache.clear`; the word before the dot is its type. */
  readonly action: string
  /** @default nobody who is known */
  readonly user?: Actor | undefined
  /** What it was done to, such as a key or a user name. @default '' */
  readonly target?: string | undefined
  /** Whatever else is worth knowing; secrets are blotted out and long values cut. @default {} */
  readonly details?: object | undefined
  readonly result: OperationResult
  /** The HTTP status of the answer. */
  readonly status?: number | undefined
  /** Why it was not done. */
  readonly error?: string | undefined
  /** Milliseconds. */
  readonly duration?: number | undefined
  /** The client's address. */
  readonly address?: string | undefined
  readonly requestId?: string | undefined
}

/** What a row of the log says, in its columns. */
export interface OperationFacts {
  readonly at: Date
  readonly action: string
  readonly user_id: string | null
  readonly username: string | null
  readonly tenant: string | null
  readonly target: string
  readonly details: Readonly<Record<string, unknown>>
  readonly result: OperationResult
  readonly status: number | null
  readonly error: string | null
  readonly duration_ms: number | null
  readonly address: string | null
  readonly request_id: string | null
}

/** A row of the log: its facts, its place, the hash of the row before and its own (SHA-256 in hex). */
export interface OperationRow extends OperationFacts {
  readonly position: number
  readonly previous: string
  readonly hash: string
}

/** An operation as a row can hold it: texts cleaned and cut, secrets blotted out, a duration in tenths of milliseconds. */
export function factsOf(operation: Operation, at: number): OperationFacts {
  const { user, duration, status } = operation
  const text = (value: string | undefined, longest: number): string | null =>
    value === undefined ? null : cleanText(value, longest)
  return {
    at: new Date(at),
    action: cleanText(operation.action, 100),
    user_id: text(user?.id, 200),
    username: text(user?.username, 200),
    tenant: text(user?.tenant, 200),
    target: cleanText(operation.target ?? '', 1024),
    details: boundedDetails(operation.details ?? {}),
    result: operation.result,
    status: status ?? null,
    error: text(operation.error, 500),
    duration_ms: duration === undefined ? null : Math.round(duration * 10) / 10,
    address: text(operation.address, 100),
    request_id: text(operation.requestId, 200),
  }
}
