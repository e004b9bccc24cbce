import { AsyncLocalStorage } from 'node:async_hooks'
import { type Events, onEvent } from '@reprise/cache'

/** One read of the cache on the way to a reply. */
export interface TraceStep {
  readonly space: string
  readonly outcome: 'hit' | 'stale' | 'miss'
  /** The tier that answered; absent on a miss. */
  readonly tier?: string
  /** Whether another request had started the load. */
  readonly shared: boolean
  readonly milliseconds: number
}

/** Follows the cache's reads of each request apart. */
export interface Tracer {
  /** Runs work and resolves with its result and the reads that it made, in their order. */
  follow<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly steps: readonly TraceStep[] }>
  /** Stops listening. */
  stop(): void
}

function toStep({ space, outcome, tier, shared, milliseconds }: Events['entry-read']): TraceStep {
  return {
    space,
    outcome,
    ...(tier === undefined ? {} : { tier }),
    shared,
    milliseconds: Math.max(0, Math.round(milliseconds * 1000) / 1000),
  }
}

/** Makes the tracer of a process: one subscription to `entry-read`, told apart by the async context of the request. */
export function createTracer(): Tracer {
  const requests = new AsyncLocalStorage<TraceStep[]>()
  const stop = onEvent('entry-read', (event) => {
    requests.getStore()?.push(toStep(event))
  })
  return {
    async follow(work) {
      const steps: TraceStep[] = []
      const result = await requests.run(steps, work)
      return { result, steps }
    },
    stop,
  }
}
