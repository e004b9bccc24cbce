import { type Provenance, RepriseError, onEvent } from '@reprise/cache'
import type { LiveSource } from './live-events.ts'

/** Keys and marks of an invalidation that are told. */
const most = 20

/** Answers of one space since the last tick. */
interface Answers {
  readonly hits: Record<string, number>
  stale: number
}

/** What the caches of this process do: hits as counts by space each second, everything else one by one. */
export function cacheSource(): LiveSource {
  const answers = new Map<string, Answers>()

  return {
    start(live) {
      answers.clear()
      const stops = [
        onEvent('entry-read', ({ space, key, outcome, tier, milliseconds }) => {
          if (outcome === 'miss') return live.publish('miss', { space, key, seconds: milliseconds / 1_000 })
          let count = answers.get(space)
          if (count === undefined) answers.set(space, (count = { hits: {}, stale: 0 }))
          if (outcome === 'stale') count.stale += 1
          else count.hits[tier ?? 'memory'] = (count.hits[tier ?? 'memory'] ?? 0) + 1
        }),
        onEvent('load-finished', ({ space, key, milliseconds, meta }) =>
          live.publish('load', {
            space,
            key,
            outcome: 'finished',
            seconds: milliseconds / 1_000,
            ...madeBy(meta),
            error: null,
          }),
        ),
        onEvent('loader-failed', ({ space, key, milliseconds, error }) =>
          live.publish('load', {
            space,
            key,
            outcome: 'failed',
            seconds: milliseconds / 1_000,
            ...madeBy({}),
            error: nameOf(error),
          }),
        ),
        onEvent('load-aborted', ({ space, key, reason }) =>
          live.publish('load', { space, key, outcome: 'aborted', seconds: 0, ...madeBy({}), error: reason }),
        ),
        onEvent('invalidated', ({ keys, marks }) =>
          live.publish('invalidate', {
            keys: keys.slice(0, most),
            marks: marks.slice(0, most),
            total: keys.length + marks.length,
          }),
        ),
        onEvent('entry-upgraded', ({ space, key, from, to, milliseconds }) =>
          live.publish('upgrade', {
            space,
            key,
            from: madeBy(from),
            to: madeBy(to),
            seconds: milliseconds / 1_000,
          }),
        ),
        onEvent('tier-failed', ({ tier, operation, error }) =>
          live.publish('tier', { tier, operation, error: nameOf(error) }),
        ),
        onEvent('background-started', ({ task }) =>
          live.publish('background', { task, outcome: 'started', seconds: 0 }),
        ),
        onEvent('background-ended', ({ task, outcome, milliseconds }) =>
          live.publish('background', { task, outcome, seconds: milliseconds / 1_000 }),
        ),
        onEvent('background-refused', ({ task }) =>
          live.publish('background', { task, outcome: 'refused', seconds: 0 }),
        ),
      ]
      return () => stops.forEach((stop) => stop())
    },
    tick(live) {
      if (answers.size === 0) return
      live.publish('hit', { spaces: [...answers].map(([space, count]) => ({ space, ...count })) })
      answers.clear()
    },
  }
}

function madeBy({ model = 'unknown', strategy = 'unknown' }: Provenance): {
  model: string
  strategy: string
} {
  return { model, strategy }
}

/** What an error is called. Its message may quote what a loader was given, and stays in the log. */
function nameOf(error: unknown): string {
  if (RepriseError.is(error) && error.code === 'E_LOADER_FAILED' && error.cause !== undefined)
    return nameOf(error.cause)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : typeof error
}
