import { afterEach, describe, expect, test } from 'vitest'
import { RepriseError } from '@reprise/cache'
import { openProxy } from '../src/testing/correctness/proxy.ts'
import { elapse, until } from '../src/testing/correctness/waiting.ts'
import { type Operation, startTraffic } from './outage-load.ts'
import { type OutageNode, deadline, openNode } from './outage-rig.ts'
import { type OwnRedis, startOwnRedis } from './redis-server.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

// Beside its deadline a read may take 50 ms, and as much as this machine was seen to be late with the two timers it
// waits for: that of the deadline and that of the loader. The exact bound is held on simulated time in
// outage-bound.test.ts.
const slack = 50

interface Outage {
  /** The address the node under load uses. */
  readonly url: string
  readonly begin: () => unknown
  readonly end: () => unknown
  /** The server itself, for a second node. */
  readonly server: OwnRedis
}

async function frozen(): Promise<Outage> {
  const server = await startOwnRedis()
  ends.push(() => server.stop())
  return { url: server.url, server, begin: () => server.freeze(), end: () => server.thaw() }
}

async function killed(): Promise<Outage> {
  const server = await startOwnRedis()
  ends.push(() => server.stop())
  return { url: server.url, server, begin: () => server.kill(), end: () => server.start() }
}

async function proxied() {
  const server = await startOwnRedis()
  const proxy = await openProxy(server.port)
  ends.push(
    () => server.stop(),
    () => proxy.close(),
  )
  return { url: `redis://127.0.0.1:${proxy.port}`, server, proxy }
}

async function cutOff(): Promise<Outage> {
  const { url, server, proxy } = await proxied()
  return { url, server, begin: () => proxy.cut(), end: () => proxy.mend() }
}

async function held(): Promise<Outage> {
  const { url, server, proxy } = await proxied()
  return { url, server, begin: () => proxy.hold(), end: () => proxy.release() }
}

/** Whether what one node loads is a hit in another, in an eventual and in a strict space, and an invalidation is confirmed. */
async function shares(node: OutageNode, other: OutageNode, attempt: number): Promise<boolean> {
  const id = `after-${attempt}`
  try {
    const made = await node.pages.getOrLoad({ id }, () => id)
    await node.rights.getOrLoad({ id }, () => id)
    await node.cache.invalidate({ keys: [node.pages.key({ id: 'nothing' })] })
    return (await other.pages.get({ id })) === made && (await other.rights.get({ id })) === id
  } catch {
    return false
  }
}

const codeOf = ({ error }: Operation): string =>
  RepriseError.is(error) ? error.code : error === undefined ? 'none' : JSON.stringify(error)

describe.each([
  ['frozen (SIGSTOP) for 4 s', frozen, 4_000],
  ['killed (-9) and started again empty', killed, 1_500],
  ['cut off: connections end and are refused', cutOff, 1_500],
  ['cut off: connections stay and nothing arrives', held, 4_000],
] as const)('Redis %s, under load', (_, begin, away) => {
  test('reads go on, invalidations and strict reads say so, and all is well soon after', async () => {
    const unhandled: unknown[] = []
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', onUnhandled)
    ends.push(async () => process.off('unhandledRejection', onUnhandled))
    const outage = await begin()
    const node = await openNode(outage.url, 'outage')
    ends.push(() => node.cache.close({ timeout: 100 }))
    const traffic = startTraffic(node)
    await until(() => traffic.operations.length > 500, 10_000)
    expect(new Set(traffic.operations.map(codeOf))).toEqual(new Set(['none']))

    const began = performance.now()
    await outage.begin()
    const reached = performance.now()
    await elapse(away)
    const back = performance.now()
    await outage.end()
    const started = performance.now()
    const other = await openNode(outage.server.url, 'outage')
    ends.push(() => other.cache.close({ timeout: 100 }))
    let attempts = 0
    const recovered = await until(() => shares(node, other, (attempts += 1)), 10_000)
    const recovery = performance.now() - started
    const lag = traffic.lag()
    await traffic.stop()

    const { operations } = traffic
    const reads = operations.filter(({ kind }) => kind === 'load' || kind === 'get')
    expect(reads.map(codeOf).filter((code) => code !== 'none')).toEqual([])
    const addedTo = (some: readonly Operation[]): number =>
      Math.max(0, ...some.map(({ start, end, loader }) => end - start - loader))
    const worst = addedTo(reads.filter(({ start }) => start >= reached && start < back))
    const worstBeside = addedTo(reads.filter(({ start }) => start < reached || start >= back))
    const during = operations.filter(({ start, end }) => start > reached && end < back)
    const late = during.filter(({ kind }) => kind === 'load').length
    console.log(
      `${reads.length} reads, ${late} while away (${Math.round(back - began)} ms): at most ${worst.toFixed(0)} ms more than the loader, ` +
        `${worstBeside.toFixed(0)} ms before and after, timers up to ${lag.toFixed(0)} ms late; back to hits after ${recovery.toFixed(0)} ms`,
    )
    expect(late).toBeGreaterThan(100)
    expect(worst).toBeLessThanOrEqual(deadline + slack + 2 * lag)
    expect(worstBeside).toBeLessThanOrEqual(2 * deadline + slack + 2 * lag)
    expect(new Set(during.filter(({ kind }) => kind === 'invalidate').map(codeOf))).toEqual(
      new Set(['E_INVALIDATION_UNKNOWN']),
    )
    expect(new Set(during.filter(({ kind }) => kind === 'strict').map(codeOf))).toEqual(
      new Set(['E_TIER_READ']),
    )
    expect(recovered).toBe(true)
    expect(recovery).toBeLessThanOrEqual(2_000 + lag)
    expect(unhandled).toEqual([])
  })
})
