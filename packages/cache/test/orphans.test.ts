import { describe, expect, test } from 'vitest'
import { withoutOrphans } from '../src/cluster/orphans.ts'
import type { Shared, SharedKey } from '../src/cluster/shared.ts'
import { RepriseError } from '../src/errors.ts'
import { createFakeClock } from '../src/testing/fake-clock.ts'

const key = (name: string): SharedKey => ({ key: name, format: 'entry' })
const unsent = new RepriseError('E_TIER_READ', 'not sent', { retryAfter: 100 })
const unheard = new RepriseError('E_TIER_READ', 'no answer within the deadline')

/** A store that fails each question for a lease with one error, and hears what is given back while it answers. */
function failingStore(error: RepriseError): { shared: Shared; released: string[]; away: boolean } {
  const stage = { released: [] as string[], away: false, shared: undefined as unknown as Shared }
  stage.shared = {
    acquire: async () => Promise.reject(error),
    release: async ({ key: name }: SharedKey) => {
      if (stage.away) throw unsent
      stage.released.push(name)
    },
  } as unknown as Shared
  return stage
}

describe('leases that may be left over', () => {
  test('a question that may have reached the store is taken back, one that was never sent is not', async () => {
    const clock = createFakeClock()
    const asked = failingStore(unheard)
    const notAsked = failingStore(unsent)
    for (const { shared } of [asked, notAsked]) {
      const guarded = withoutOrphans(shared, { clock, lease: 2_000 })
      await expect(guarded.acquire(key('a'), { token: '1', lease: 2_000 })).rejects.toThrow(
        /not sent|no answer/,
      )
    }
    await clock.advance(250)
    expect([asked.released, notAsked.released]).toEqual([['a'], []])
    expect(clock.pending).toBe(0)
  })

  test('a lease that was held and could not be given back is given back later, sent or not', async () => {
    const clock = createFakeClock()
    const stage = failingStore(unheard)
    stage.away = true
    const guarded = withoutOrphans(stage.shared, { clock, lease: 2_000 })
    await expect(guarded.release(key('a'), '1')).rejects.toThrow('not sent')
    await clock.advance(500)
    stage.away = false
    await clock.advance(250)
    expect(stage.released).toEqual(['a'])
  })

  test('who asks again gives back the own lease of that key alone', async () => {
    const clock = createFakeClock()
    const stage = failingStore(unheard)
    const guarded = withoutOrphans(stage.shared, { clock, lease: 2_000 })
    for (const name of ['a', 'b', 'a'])
      await expect(guarded.acquire(key(name), { token: name, lease: 2_000 })).rejects.toBe(unheard)
    expect(stage.released).toEqual(['a'])
  })

  test('at most 1,000 are remembered, the newest, and none after the end', async () => {
    const clock = createFakeClock()
    const stage = failingStore(unheard)
    const guarded = withoutOrphans(stage.shared, { clock, lease: 2_000 })
    for (let n = 0; n < 1_001; n += 1)
      await expect(guarded.acquire(key(`k${n}`), { token: `${n}`, lease: 2_000 })).rejects.toBe(unheard)
    await clock.advance(250)
    expect([stage.released.length, stage.released[0]]).toEqual([1_000, 'k1'])
    await expect(guarded.acquire(key('z'), { token: 'z', lease: 2_000 })).rejects.toBe(unheard)
    guarded.stop()
    expect(clock.pending).toBe(0)
  })
})
