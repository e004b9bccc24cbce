/** An object of JSON. */
export type Json = Record<string, unknown>

/** What the next answers of the upstream are like. */
export interface Manner {
  /** Answers with this status instead. */
  fail?: { readonly status: number; readonly body?: Json; readonly retryAfter?: string } | undefined
  /** Ends the connection after so many events of a stream. */
  breakAfter?: number | undefined
  /** How the answer ends. */
  finish?: 'stop' | 'length' | 'tool' | undefined
  text?: string | undefined
  /** Waits for this before it answers, and after the first event of a stream. */
  hold?: Promise<void> | undefined
}

/** What was asked, and how to answer. */
export interface Asked {
  readonly path: string
  readonly body: Json
  readonly manner: Manner
  readonly number: number
}
