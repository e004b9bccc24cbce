import type { Invalidation } from '@reprise/cache'
import type { z } from 'zod'

/** Where a document comes from: JSON over HTTP, or a file. */
export type DocumentSource =
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly file: string }

/** A document that the application works by, kept in versions, such as its catalogue of models (rows B6, B7). */
export interface ManagedDocument<Value = unknown> {
  /** Lower case words with hyphens. */
  readonly name: string
  readonly schema: z.ZodType<Value>
  /** What is derived from it in the cache, and disappears when it changes. @default nothing */
  readonly clears?: Invalidation
  /** Where `sync` takes it from; asked each time where that is configured and may change. @default nowhere */
  readonly source?: DocumentSource | (() => Promise<DocumentSource | undefined>)
  /** Puts a version to use, also an older one when the new one is rolled back. @default nothing to do */
  reload?(value: Value, signal: AbortSignal): Promise<void>
  /** Tries the version that is in use now; throws when it will not do. @default nothing to try */
  test?(value: Value, signal: AbortSignal): Promise<void>
  /** Figures of it that `sync` keeps. @default none */
  statistics?(value: Value): Readonly<Record<string, number>>
}
