import type { Cache } from '@reprise/cache'
import type { ResultTypes, Results } from '@reprise/results'
import type { TaskKind } from '../kind.ts'
import { cleanupKind } from './cleanup.ts'
import { clearKind } from './clear.ts'
import { exportKind, exportsIn } from './export.ts'
import { invalidateManyKind } from './invalidate-many.ts'
import { trimKind } from './trim.ts'
import { type Warmers, warmKind } from './warm.ts'

/** What the kinds of every application work on. */
export interface BuiltInOptions {
  readonly cache: Cache
  /** The data folder: exports are written to `exports` in it. */
  readonly dataDir: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** @default none, and no kind `warm` */
  readonly warmers?: Warmers | undefined
  /** @default none, and no kind `trim` */
  readonly results?: Pick<Results<ResultTypes>, 'maintain'> | undefined
}

/** The kinds that every application has: cleanup, clear, invalidate-many, export; warm and trim where there is something to do. */
export function builtInKinds(options: BuiltInOptions): readonly TaskKind[] {
  const { cache, dataDir, now, warmers, results } = options
  const exports = exportsIn(dataDir)
  return [
    cleanupKind({ cache, exports, now }),
    clearKind({ cache }),
    invalidateManyKind({ cache }),
    exportKind({ cache, exports }),
    ...(warmers === undefined ? [] : [warmKind({ cache, warmers })]),
    ...(results === undefined ? [] : [trimKind({ results })]),
  ]
}
