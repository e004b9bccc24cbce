import { RepriseError, quote } from '../errors.ts'

/** One thing to have ready: a name for reports, and the read that loads it. */
export interface WarmJob {
  readonly name: string
  /** Usually `() => handle.getOrLoad(params, loader)`. */
  readonly run: () => Promise<unknown>
}

/** Options of a warm-up. */
export interface WarmOptions {
  /** Jobs at a time. @default 4 */
  readonly concurrency?: number
  /** Called after each job. */
  readonly onProgress?: (progress: {
    readonly done: number
    readonly total: number
    readonly name: string
    readonly error?: unknown
  }) => void
}

/** What a warm-up did. */
export interface WarmReport {
  readonly done: number
  readonly failed: readonly { readonly name: string; readonly error: unknown }[]
  readonly milliseconds: number
}

/** Runs jobs a few at a time, and reports each. */
export async function warm(
  jobs: readonly WarmJob[],
  options: WarmOptions & { readonly now: () => number },
): Promise<WarmReport> {
  const { concurrency = 4, onProgress, now } = options
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `concurrency is ${quote(concurrency)}: give a whole number from 1`,
    )
  }
  const startedAt = now()
  const failed: { name: string; error: unknown }[] = []
  const waiting = jobs.values()
  let done = 0
  const worker = async (): Promise<void> => {
    for (const { name, run } of waiting) {
      let failure: { readonly error: unknown } | undefined
      try {
        await run()
      } catch (error) {
        failure = { error }
        failed.push({ name, error })
      }
      done += 1
      onProgress?.({ done, total: jobs.length, name, ...failure })
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, jobs.length) }, worker))
  return { done: done - failed.length, failed, milliseconds: now() - startedAt }
}
