import { createFakeClock } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { type Breaker, type BreakerState, createBreaker } from '../src/redis/breaker.ts'
import { makeDeadlines } from '../src/redis/deadline.ts'

function setup(): {
  clock: ReturnType<typeof createFakeClock>
  breaker: Breaker
  states: BreakerState[]
  attempt: (healthy: boolean | undefined) => boolean
} {
  const clock = createFakeClock()
  const states: BreakerState[] = []
  const breaker = createBreaker({
    failures: 3,
    delay: 100,
    longestDelay: 300,
    clock,
    random: () => 1,
    onState: (state) => states.push(state),
  })
  const attempt = (healthy: boolean | undefined): boolean => {
    const ticket = breaker.enter()
    if (ticket !== undefined) breaker.settle(ticket, healthy)
    return ticket !== undefined
  }
  return { clock, breaker, states, attempt }
}

describe('the breaker', () => {
  test('opens after failures in a row only', () => {
    const { breaker, attempt } = setup()
    for (const healthy of [false, false, true, false, false, undefined]) attempt(healthy)
    expect(breaker.state).toBe('closed')
    attempt(false)
    expect(breaker.state).toBe('open')
    expect(breaker.enter()).toBeUndefined()
    expect(breaker.retryAfter()).toBe(100)
  })

  test('lets one call through after a pause, which doubles up to its limit with each that fails', async () => {
    const { clock, breaker, states, attempt } = setup()
    for (let count = 0; count < 3; count += 1) attempt(false)
    for (const pause of [100, 200, 300, 300]) {
      await clock.advance(pause - 1)
      expect(attempt(true)).toBe(false)
      await clock.advance(1)
      const probe = breaker.enter()
      expect(probe).toBeDefined()
      expect(breaker.state).toBe('half-open')
      expect(breaker.enter()).toBeUndefined()
      breaker.settle(probe ?? 0, false)
      expect(breaker.state).toBe('open')
    }
    await clock.advance(300)
    expect(attempt(true)).toBe(true)
    expect(breaker.state).toBe('closed')
    expect(states.at(0)).toBe('open')
    expect(states.slice(-2)).toEqual(['half-open', 'closed'])
    for (let count = 0; count < 3; count += 1) attempt(false)
    expect(breaker.retryAfter()).toBe(100)
  })

  test('an older call that fails while a probe is out changes nothing, one that succeeds closes it', async () => {
    const { clock, breaker, attempt } = setup()
    const older = [breaker.enter() ?? 0, breaker.enter() ?? 0]
    for (let count = 0; count < 3; count += 1) attempt(false)
    await clock.advance(100)
    expect(breaker.enter()).toBeDefined()
    breaker.settle(older[0] ?? 0, false)
    expect(breaker.state).toBe('half-open')
    breaker.settle(older[1] ?? 0, true)
    expect(breaker.state).toBe('closed')
  })
})

describe('deadlines', () => {
  test('each runs at its time, unless called off, behind one timer', async () => {
    const clock = createFakeClock()
    const begin = makeDeadlines(clock, 100)
    const over: string[] = []
    begin(() => over.push('a'))
    await clock.advance(40)
    const b = begin(() => over.push('b'))
    begin(() => over.push('c'))
    expect(clock.pending).toBe(1)
    await clock.advance(59)
    expect(over).toEqual([])
    await clock.advance(1)
    expect(over).toEqual(['a'])
    b.cancel()
    await clock.advance(40)
    expect(over).toEqual(['a', 'c'])
    expect(clock.pending).toBe(0)
    begin(() => over.push('d'))
    await clock.advance(100)
    expect(over).toEqual(['a', 'c', 'd'])
  })

  test('one that begins between the timer and its work has all of its time', async () => {
    let now = 0
    const timers: (() => void)[] = []
    const begin = makeDeadlines(
      { now: () => now, setTimeout: (callback) => (timers.push(callback), { cancel: () => {} }) },
      100,
    )
    const over: string[] = []
    begin(() => over.push('a'))
    now = 100
    timers[0]?.()
    now = 101
    begin(() => over.push('b'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(over).toEqual(['a'])
    now = 201
    timers[1]?.()
    await new Promise((resolve) => setImmediate(resolve))
    expect(over).toEqual(['a', 'b'])
  })
})
