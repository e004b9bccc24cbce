import { setTimeout as delay } from 'node:timers/promises'
import { watchLoop } from '../src/testing/correctness/waiting.ts'
import type { OutageNode } from './outage-rig.ts'

/** One operation as its caller saw it; times of `performance.now()`. */
export interface Operation {
  readonly kind: 'load' | 'get' | 'invalidate' | 'strict'
  readonly start: number
  readonly end: number
  /** What the loader took, where it was called. */
  readonly loader: number
  readonly error: unknown
}

/** Traffic on a node. */
export interface Traffic {
  readonly operations: readonly Operation[]
  /** The worst lateness of a timer so far, in milliseconds: what the machine adds to every measurement. */
  lag(): number
  /** Ends it and waits for what is under way. */
  stop(): Promise<void>
}

const workers = 12
const keys = 40
const loaderTakes = 10

/** Starts a bounded load: 12 callers, each with one operation at a time and a few milliseconds between. */
export function startTraffic(node: OutageNode): Traffic {
  const operations: Operation[] = []
  const lag = watchLoop()
  let running = true
  const note = async (
    kind: Operation['kind'],
    work: (loader: () => Promise<string>) => Promise<unknown>,
  ): Promise<void> => {
    const start = performance.now()
    let loader = 0
    const load = async (): Promise<string> => {
      const begun = performance.now()
      await delay(loaderTakes)
      loader = performance.now() - begun
      return 'value'
    }
    const error = await work(load).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    operations.push({ kind, start, end: performance.now(), loader, error })
  }
  const caller = async (number: number): Promise<void> => {
    for (let turn = number; running; turn += 1) {
      const id = (turn * 7 + number) % keys
      const choice = turn % 20
      if (choice === 0) await note('invalidate', () => node.cache.invalidate({ tags: [`group-${turn % 5}`] }))
      else if (choice === 1)
        await note('invalidate', () => node.cache.invalidate({ keys: [node.pages.key({ id })] }))
      else if (choice === 2) await note('strict', (load) => node.rights.getOrLoad({ id }, load))
      else if (choice === 3) await note('load', (load) => node.prices.getOrLoad({ id }, load))
      else if (choice < 7) await note('get', () => node.pages.get({ id }))
      else if (choice < 10)
        await note('load', (load) => node.pages.getOrLoad({ id: 1_000 + operations.length }, load))
      else await note('load', (load) => node.pages.getOrLoad({ id }, load))
      await delay(3)
    }
  }
  const callers = Array.from({ length: workers }, (_, number) => caller(number))
  return {
    operations,
    lag: () => lag.worst(),
    async stop() {
      running = false
      await Promise.all(callers)
      lag.stop()
    },
  }
}
