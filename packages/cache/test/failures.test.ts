import { describe, expect, test } from 'vitest'
import { type Policies, notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }
const start = Date.UTC(2026, 0, 1)

/** How long a loader that fails with this error is left alone. */
async function waitAfter(error: unknown, policy: Policies = {}): Promise<number> {
  const { cache, clock } = await rig(notes(policy))
  const handle = cache.open(notes())
  await handle.getOrLoad(one, async () => Promise.reject(error as Error)).catch(() => undefined)
  const { failure } = await cache.explain(notes(), one)
  return (failure?.until ?? clock.now()) - clock.now()
}

const failed = (facts: object): Error => Object.assign(new Error('busy'), facts)
const inTen = new Date(start + 10_000).toUTCString()

describe('Retry-After', () => {
  test.each([
    ['retryAfterMs', failed({ retryAfterMs: 5_000 }), 5_000],
    ['retryAfter in seconds', failed({ retryAfter: 7 }), 7_000],
    ['retryAfter as text', failed({ retryAfter: '7' }), 7_000],
    ['a Headers object', failed({ headers: new Headers({ 'Retry-After': '9' }) }), 9_000],
    ['a plain object of headers', failed({ headers: { 'retry-after': '9' } }), 9_000],
    ['responseHeaders, as the AI SDK has them', failed({ responseHeaders: { 'retry-after': '9' } }), 9_000],
    [
      'response.headers, as fetch wrappers have them',
      failed({ response: { headers: new Headers({ 'retry-after': '9' }) } }),
      9_000,
    ],
    ['a date', failed({ headers: { 'retry-after': inTen } }), 10_000],
    ['a date that is over', failed({ headers: { 'retry-after': new Date(start - 1).toUTCString() } }), 750],
    ['nonsense', failed({ headers: { 'retry-after': 'later' } }), 750],
    ['a negative number', failed({ retryAfter: -5 }), 750],
    ['less than the backoff', failed({ retryAfter: 0.1 }), 750],
    ['a thrown text', 'just text', 750],
    ['null', null, 750],
    ['a Map instead of headers', failed({ headers: new Map([['retry-after', '9']]) }), 750],
  ])('%s', async (_, error, wait) => {
    expect(await waitAfter(error)).toBe(wait)
  })

  test('backoff: false asks nobody to wait', async () => {
    expect(await waitAfter(failed({ retryAfter: 7 }), { backoff: false })).toBe(0)
  })
})

describe('backoff', () => {
  test('doubles up to its longest, and begins anew after a success', async () => {
    const { cache, clock } = await rig(notes({ backoff: { base: '2s', max: '10s' } }))
    const handle = cache.open(notes())
    const fail = (): never => {
      throw new Error('down')
    }
    const waits: number[] = []
    const attempt = async (): Promise<void> => {
      await handle.getOrLoad(one, fail).catch(() => {})
      const until = (await cache.explain(notes(), one)).failure?.until ?? 0
      waits.push(until - clock.now())
      await clock.advance(until - clock.now())
    }
    for (let time = 0; time < 5; time += 1) await attempt()
    // Random is 0.5: three quarters of 2, 4, 8, 10 and 10 s.
    expect(waits).toEqual([1_500, 3_000, 6_000, 7_500, 7_500])
    await handle.getOrLoad(one, () => 'up')
    await handle.delete(one)
    await attempt()
    expect(waits.at(-1)).toBe(1_500)
  })

  test('the wait lies between half and the whole, whatever chance says', async () => {
    for (const random of [0, 0.999_999]) {
      const { cache, clock } = await rig(notes(), { random: () => random })
      const fail = async (): Promise<never> => {
        throw new Error('down')
      }
      await cache
        .open(notes())
        .getOrLoad(one, fail)
        .catch(() => {})
      const until = (await cache.explain(notes(), one)).failure?.until ?? 0
      expect(Math.round(until - clock.now())).toBe(random === 0 ? 500 : 1_000)
    }
  })

  test('30 reads in an outage are one call; a delete or a set forgets the failure', async () => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    let calls = 0
    const fail = async (): Promise<never> => {
      calls += 1
      throw new Error('down')
    }
    for (let read = 0; read < 30; read += 1) await handle.getOrLoad(one, fail).catch(() => {})
    expect(calls).toBe(1)
    await handle.delete(one)
    await handle.getOrLoad(one, fail).catch(() => {})
    expect(calls).toBe(2)
    await handle.set(one, 'value', { ttl: 0 })
    await handle.getOrLoad(one, fail).catch(() => {})
    expect(calls).toBe(3)
  })

  test('another key of the space is not held back', async () => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    await handle.getOrLoad(one, () => Promise.reject(new Error('down'))).catch(() => {})
    expect(await handle.getOrLoad({ user: 'ann', id: 2 }, () => 'fine')).toBe('fine')
  })
})
