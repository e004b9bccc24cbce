import { setTimeout as delay } from 'node:timers/promises'
import { RepriseError } from '@reprise/cache'
import { until } from '../src/testing/correctness/waiting.ts'
import type { FailoverNode } from './failover-rig.ts'

/** What callers saw of a light load on several nodes, each of which reads and changes the same numbers. */
export interface Sightings {
  /** Answers of the strict space that were older than an invalidation confirmed before the question. */
  readonly stale: readonly string[]
  /** Errors that callers of the eventual space got. */
  readonly eventual: readonly unknown[]
  /** Codes of the errors that callers of the strict space got, and those who invalidated. */
  readonly strict: ReadonlySet<string>
  readonly invalidations: ReadonlySet<string>
  readonly reads: number
  readonly confirmed: number
}

/** A load under way. */
export interface FailoverLoad {
  readonly sightings: Sightings
  /** Changes a number and invalidates it in both spaces; resolves when that is confirmed. */
  change(node: FailoverNode, id: number): Promise<void>
  /** Whether all numbers are read, invalidated and read anew by every node, in both spaces, within so many milliseconds. */
  allWell(limit: number): Promise<boolean>
  stop(): Promise<void>
}

const codeOf = (error: unknown): string => (RepriseError.is(error) ? error.code : String(error))

/** Starts a load on some numbers: readers of both spaces on every node, and on the first one somebody who changes them. */
export function startFailoverLoad(nodes: readonly FailoverNode[], ids: readonly number[]): FailoverLoad {
  const truth = new Map(ids.map((id) => [id, 1]))
  /** What the last confirmed invalidation was about: nobody who asks after it may be told less. */
  const confirmed = new Map(ids.map((id) => [id, 0]))
  const seen = {
    stale: [] as string[],
    eventual: [] as unknown[],
    strict: new Set<string>(),
    invalidations: new Set<string>(),
    reads: 0,
    confirmed: 0,
  }
  let running = true
  const current = (id: number): number => truth.get(id) as number
  const load = (id: number) => async (): Promise<number> => {
    const value = current(id)
    await delay(2)
    return value
  }

  const readStrict = async ({ rights }: FailoverNode, id: number): Promise<number> => {
    const least = confirmed.get(id) as number
    const value = await rights.getOrLoad({ id }, load(id))
    seen.reads += 1
    if (value < least) seen.stale.push(`${id}: ${value} where ${least} was confirmed`)
    return value
  }
  const change = async ({ cache, pages, rights }: FailoverNode, id: number): Promise<void> => {
    const value = current(id) + 1
    truth.set(id, value)
    const keys = value % 2 === 0 ? [pages.key({ id }), rights.key({ id })] : [pages.key({ id })]
    const tags = value % 2 === 0 ? [] : [`id-${id}`]
    await cache.invalidate({ keys, tags })
    confirmed.set(id, value)
    seen.confirmed += 1
  }

  const reader = async (node: FailoverNode): Promise<void> => {
    for (let turn = 0; running; turn += 1) {
      const id = ids[turn % ids.length] as number
      await node.pages.getOrLoad({ id }, load(id)).catch((error: unknown) => seen.eventual.push(error))
      await readStrict(node, id).catch((error: unknown) => seen.strict.add(codeOf(error)))
      await delay(2)
    }
  }
  const writer = async (node: FailoverNode): Promise<void> => {
    for (let turn = 0; running; turn += 1) {
      const id = ids[(turn * 7) % ids.length] as number
      await change(node, id).catch((error: unknown) => seen.invalidations.add(codeOf(error)))
      await delay(5)
    }
  }
  const callers = [
    ...nodes.flatMap((node) => [reader(node), reader(node)]),
    ...nodes.slice(0, 1).map((node) => writer(node)),
  ]

  return {
    sightings: seen,
    change,
    async allWell(limit) {
      const end = performance.now() + limit
      const holds = (condition: () => Promise<boolean>): Promise<boolean> =>
        until(() => condition().catch(() => false), end - performance.now())
      const changed = (): Promise<boolean> =>
        Promise.all(ids.map((id) => change(nodes[0] as FailoverNode, id))).then(() => true)
      const level = (id: number, expected: number) => async (): Promise<boolean> => {
        const reads = nodes.flatMap((node) => [node.pages.getOrLoad({ id }, load(id)), readStrict(node, id)])
        return (await Promise.all(reads)).every((value) => value >= expected)
      }
      if (!(await holds(changed))) return false
      return (await Promise.all(ids.map((id) => holds(level(id, current(id)))))).every(Boolean)
    },
    async stop() {
      running = false
      await Promise.all(callers)
    },
  }
}
