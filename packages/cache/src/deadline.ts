import type { Clock } from './clock.ts'

/** The outcome of work, or the error of its deadline, whichever is first; the work itself goes on. Infinity waits for ever. */
export async function within<T>(
  clock: Clock,
  work: Promise<T>,
  options: { readonly deadline: number; readonly late: () => Error },
): Promise<T> {
  const { deadline, late } = options
  if (deadline === Infinity) return work
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(late()), deadline)
    work.then(resolve, reject).finally(() => timer.cancel())
  })
}
