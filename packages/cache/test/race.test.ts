import { RepriseError, createBackground, onEveryEvent, race } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { controlledRace } from './race-cases.ts'
import { gate, gated, lastingLog, notes, rig } from './rig.ts'

const at = { user: 'u', id: 1 }
const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

/** Events of races and upgrades, as lines. */
function listen(): string[] {
  const lines: string[] = []
  const told = /^(race|strategy|entry-upgraded|entry-refused|upgrade-refused)/
  stops.push(
    onEveryEvent((name, event) => {
      if (!told.test(name)) return
      const { strategy, outcome, reason, to, meta, running } = event as unknown as Record<string, string> & {
        readonly to?: { readonly strategy: string }
        readonly meta?: { readonly strategy?: string; readonly cost?: number }
      }
      const facts = [strategy ?? to?.strategy ?? meta?.strategy, outcome, reason, running, meta?.cost]
      lines.push([name, ...facts.filter((fact) => fact !== undefined)].join(' '))
    }),
  )
  return lines
}

describe('race', () => {
  test('the story of a fast answer that a premium one takes the place of', async () => {
    const { cache, clock } = await rig(notes())
    const lines = listen()
    const raced = controlledRace()
    const asked = cache.open(notes()).getOrLoad(at, raced.loader)
    await clock.advance(500)
    raced.end('fast', 'valid')
    expect(await asked).toBe('fast')
    await clock.advance(1_500)
    raced.end('premium', 'valid')
    await clock.settle()
    expect(lines).toEqual([
      'strategy-ended fast valid 1',
      'race-answered fast premium 1',
      'strategy-ended premium valid 10',
      'entry-upgraded premium',
    ])
    const found = await cache.open(notes()).find(at)
    expect(found).toMatchObject({
      value: 'premium',
      meta: { strategy: 'premium', model: 'model-premium', rank: 2, cost: 10 },
    })
    // A new life from the upgrade on, and what is known of it is as old as the load.
    expect((found?.freshUntil ?? 0) - clock.now()).toBe(600_000)
    await cache.close()
    expect(clock.pending).toBe(0)
  })

  test('a loser that can improve nothing is ended, and so is everything when the caller leaves', async () => {
    const { cache, clock } = await rig(notes())
    const raced = controlledRace()
    const asked = cache.open(notes()).getOrLoad(at, raced.loader)
    await clock.settle()
    raced.end('premium', 'valid')
    await asked
    expect(raced.signals.fast?.aborted).toBe(true)
    expect(String(raced.signals.fast?.reason)).toContain('beaten by')

    const left = controlledRace()
    const leaving = new AbortController()
    const other = cache.open(notes()).getOrLoad({ ...at, id: 2 }, left.loader, { signal: leaving.signal })
    await clock.settle()
    leaving.abort(new Error('the user went away'))
    await expect(other).rejects.toThrow('the user went away')
    await clock.settle()
    expect([left.signals.fast?.aborted, left.signals.premium?.aborted]).toEqual([true, true])
    await cache.close()
  })

  test.each(['delete', 'set', 'invalidate', 'force'] as const)(
    '%s ends what could only come too late',
    async (how) => {
      const { cache, clock } = await rig(notes({ tags: () => ['all'] }))
      const handle = cache.open(notes())
      const raced = controlledRace()
      const asked = handle.getOrLoad(at, raced.loader)
      await clock.settle()
      raced.end('fast', 'valid')
      await asked
      expect(raced.signals.premium?.aborted).toBe(false)
      if (how === 'delete') await handle.delete(at)
      if (how === 'set') await handle.set(at, 'set')
      if (how === 'invalidate') await cache.invalidate({ tags: ['all'] })
      if (how === 'force') await handle.getOrLoad(at, () => 'forced', { forceRefresh: true })
      expect(raced.signals.premium?.aborted).toBe(true)
      await cache.close()
    },
  )

  test('all fail: one error with all causes, that says when to try again', async () => {
    const { cache } = await rig(notes())
    const limited = Object.assign(new Error('too many requests'), { headers: { 'retry-after': '7' } })
    const busy = Object.assign(new Error('busy'), { retryAfter: 3 })
    const loader = race({
      fast: () => Promise.reject(limited),
      premium: () => {
        throw busy
      },
    })
    const error: unknown = await cache
      .open(notes())
      .getOrLoad(at, loader)
      .catch((reason: unknown) => reason)
    if (!RepriseError.is(error, 'E_RACE_FAILED')) throw error
    expect((error.cause as AggregateError).errors).toEqual([limited, busy])
    expect(error.message).toContain('(fast: too many requests; premium: busy)')
    expect(error.retryAfter).toBe(3_000)
    await cache.close()
  })

  test('an invalid answer is told with its reason', async () => {
    const loader = race(
      { fast: () => 1, premium: () => 2 },
      {
        validate(value) {
          if (value === 1) throw new Error('no bubbles')
          return false
        },
      },
    )
    const error = (await loader({ signal: new AbortController().signal }).catch((reason) => reason)) as Error
    expect(error.message).toMatch(/fast: .* is not valid: no bubbles; premium: strategy "premium" answered/)
    expect((error.cause as AggregateError).errors.map((one: RepriseError) => one.code)).toEqual([
      'E_STRATEGY_INVALID',
      'E_STRATEGY_INVALID',
    ])
  })

  test('ranks are checked when the race is made', () => {
    expect(() => race({})).toThrow('a race needs at least one strategy')
    expect(() => race({ fast: () => 1 }, { rank: { fast: Number.NaN } })).toThrow(
      'the rank of strategy "fast" is null: give a number for each of fast',
    )
  })

  test('past its timeout the premium answer is given up and the fast one stays', async () => {
    const { cache, clock } = await rig(notes())
    const raced = controlledRace(30_000)
    const asked = cache.open(notes()).getOrLoad(at, raced.loader)
    await clock.settle()
    raced.end('fast', 'valid')
    await asked
    await clock.advance(30_000)
    expect(RepriseError.is(raced.signals.premium?.reason, 'E_TASK_TIMEOUT')).toBe(true)
    raced.end('premium', 'valid')
    await clock.settle()
    expect(await cache.open(notes()).get(at)).toBe('fast')
    await cache.close()
  })

  test('where the registry is full the fast answer is all there is', async () => {
    const clock = createFakeClock()
    const background = createBackground({ clock, limit: 1 })
    background.run('other', () => new Promise(() => {}))
    const { cache } = await rig(notes(), { clock, background })
    const raced = controlledRace()
    const asked = cache.open(notes()).getOrLoad(at, raced.loader)
    await clock.settle()
    raced.end('fast', 'valid')
    expect(await asked).toBe('fast')
    expect(raced.signals.premium?.aborted).toBe(true)
    await cache.close()
  })

  test('the registry of the application is its own to drain; one of the cache ends with it', async () => {
    const clock = createFakeClock()
    const background = createBackground({ clock })
    const { cache } = await rig(notes(), { clock, background })
    const raced = controlledRace()
    const asked = cache.open(notes()).getOrLoad(at, raced.loader)
    await clock.settle()
    raced.end('fast', 'valid')
    await asked
    expect(background.names).toEqual(['race test:note:u:1'])
    const drained = background.shutdown(1_000)
    raced.end('premium', 'valid')
    expect(await drained).toEqual({ finished: ['race test:note:u:1'], cancelled: [], lost: [] })
    expect(await cache.open(notes()).get(at)).toBe('premium')
    await cache.close()

    const { cache: own, clock: other } = await rig(notes())
    const last = controlledRace()
    const answered = own.open(notes()).getOrLoad(at, last.loader)
    await other.settle()
    last.end('fast', 'valid')
    await answered
    const closed = own.close({ timeout: 100 })
    await other.advance(100)
    await closed
    expect(RepriseError.is(last.signals.premium?.reason, 'E_TASK_CANCELLED')).toBe(true)
    expect(other.pending).toBe(0)
  })

  test('of two upgrades that look at the tier at once the lower one does not end above the higher one', async () => {
    const clock = createFakeClock()
    const { tier, waiting } = gated(mapTier({ clock }), ['read'])
    const { cache } = await rig(notes(), {
      clock,
      tiers: [tier],
      log: lastingLog(),
      memory: { maxEntries: 1 },
    })
    const handle = cache.open(notes())
    const [mid, premium] = [gate(), gate()]
    const load = race({
      fast: () => 'fast',
      mid: () => mid.passed.then(() => 'mid'),
      premium: () => premium.passed.then(() => 'premium'),
    })
    const asked = handle.getOrLoad(at, load)
    await clock.settle()
    waiting.shift()?.()
    expect(await asked).toBe('fast')
    /** Memory has room for one entry, which is another now. */
    const evict = async (id: number): Promise<void> => {
      await handle.set({ ...at, id }, 'other')
      await clock.settle()
      expect(handle.peek(at)).toBeUndefined()
    }
    await evict(2)
    mid.open()
    await clock.settle()
    premium.open()
    await clock.settle()
    const [midRead, premiumRead] = waiting.splice(0)
    premiumRead?.()
    await clock.settle()
    await evict(3)
    midRead?.()
    await clock.settle()
    // It looks again, since something was kept meanwhile.
    expect(waiting).toHaveLength(1)
    waiting.shift()?.()
    await clock.settle()
    const found = handle.get(at)
    await clock.settle()
    waiting.shift()?.()
    expect(await found).toBe('premium')
    await cache.close()
  })

  test('a refresh ahead whose fast answer is outranked is not made again for the same entry', async () => {
    const { cache, clock } = await rig(notes({ refreshAhead: '5m' }))
    const handle = cache.open(notes())
    let calls = 0
    const load = race({
      fast: () => {
        calls += 1
        return `fast ${calls}`
      },
      premium: () => (calls === 1 ? 'premium' : Promise.reject(new Error('down'))),
    })
    await handle.getOrLoad(at, load)
    await clock.settle()
    expect(await handle.get(at)).toBe('premium')
    const lines = listen()
    await clock.advance(6 * 60_000)
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await handle.getOrLoad(at, load)).toBe('premium')
      await clock.settle()
    }
    expect(calls).toBe(2)
    expect(lines.filter((line) => line.startsWith('entry-refused'))).toEqual(['entry-refused fast outranked'])
    // Past its life the fast answer is better than none.
    await clock.advance(5 * 60_000)
    expect(await handle.getOrLoad(at, load)).toBe('fast 3')
    await cache.close()
  })
})
