import type { Cache, WarmJob } from '@reprise/cache'
import { z } from 'zod'
import { TaskError } from '../errors.ts'
import type { TaskKind } from '../kind.ts'

/** What can be loaded ahead of use, by name: each makes the jobs that are due when it is asked. */
export type Warmers = Readonly<Record<string, () => Promise<readonly WarmJob[]> | readonly WarmJob[]>>

const input = z.strictObject({
  names: z.array(z.string().min(1).max(100)).max(100).optional().describe('What to warm; all without it'),
  concurrency: z.number().int().min(1).max(32).default(4),
})

/** Loads entries ahead of use (row C7). A failure does not stop the others; when all fail, the task has failed. */
export function warmKind(options: {
  readonly cache: Cache
  readonly warmers: Warmers
}): TaskKind<z.output<typeof input>> {
  const { cache, warmers } = options
  const known = Object.keys(warmers)
  return {
    name: 'warm',
    summary: 'Load entries ahead of use',
    input,
    async run({ names = known, concurrency }, { signal, progress }) {
      const chosen = names.map((name) => {
        const warmer = Object.hasOwn(warmers, name) ? warmers[name] : undefined
        if (warmer !== undefined) return warmer
        const there = known.join(', ') || 'nothing'
        throw new TaskError('E_TASKS_INPUT', `${JSON.stringify(name)} cannot be warmed; there is ${there}`)
      })
      const due = (await Promise.all(chosen.map(async (make) => make()))).flat()
      const jobs = due.map(({ name, run }) => ({
        name,
        run: async () => {
          signal.throwIfAborted()
          return run()
        },
      }))
      progress(0, jobs.length)
      const report = await cache.warm(jobs, {
        concurrency,
        onProgress: ({ done, total, name }) => progress(done, total, name),
      })
      signal.throwIfAborted()
      const [first] = report.failed
      if (report.done === 0 && first !== undefined) {
        throw new Error(`None of ${jobs.length} entries could be loaded; the first was ${first.name}`, {
          cause: first.error,
        })
      }
      return { done: report.done, failed: report.failed.slice(0, 20).map(({ name }) => name) }
    },
  }
}
