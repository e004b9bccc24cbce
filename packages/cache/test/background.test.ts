import { RepriseError, createBackground, onEveryEvent } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { gate } from './rig.ts'

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

function listen(): string[] {
  const lines: string[] = []
  stops.push(
    onEveryEvent((name, event) => {
      if (name.startsWith('background')) {
        const { error, ...facts } = event as { error?: unknown }
        lines.push(
          [name, ...Object.values(facts), ...(error instanceof Error ? [error.message] : [])].join(' '),
        )
      }
    }),
  )
  return lines
}

/** Never ends by itself; ends with its signal's reason. */
const patient = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

describe('background work', () => {
  test('tasks are named, counted and gone when they are done', async () => {
    const clock = createFakeClock()
    const background = createBackground({ clock })
    const lines = listen()
    const [one, two] = [gate(), gate()]
    expect(background.run('premium', () => one.passed)).toBe(true)
    expect(background.run('premium', () => two.passed)).toBe(true)
    expect([background.count, background.names]).toEqual([2, ['premium', 'premium']])
    await clock.advance(40)
    one.open()
    await clock.settle()
    expect(background.count).toBe(1)
    two.open()
    await clock.settle()
    expect([background.count, background.names, clock.pending]).toEqual([0, [], 0])
    expect(lines).toEqual([
      'background-started premium',
      'background-started premium',
      'background-ended premium finished 40',
      'background-ended premium finished 40',
    ])
  })

  test('a failure is told by an event and a line, and harms nobody', async () => {
    const lines = listen()
    const warned: [object, string][] = []
    const clock = createFakeClock()
    const logger = { debug: () => {}, warn: (facts: object, line: string) => void warned.push([facts, line]) }
    const background = createBackground({ clock, logger })
    const error = new Error('the model is down')
    background.run('premium', async () => {
      throw error
    })
    // What throws before it returns a promise fails alike.
    background.run('careless', () => {
      throw new TypeError('no model')
    })
    await clock.settle()
    expect(lines.slice(2).toSorted()).toEqual([
      'background-ended careless failed 0 no model',
      'background-ended premium failed 0 the model is down',
    ])
    expect(warned).toHaveLength(2)
    expect(warned).toContainEqual([
      { task: 'premium', outcome: 'failed', milliseconds: 0, err: error },
      'background: premium failed',
    ])
    expect(background.count).toBe(0)
  })

  test('a task past its timeout gets its signal, and its name is told', async () => {
    const lines = listen()
    const clock = createFakeClock()
    const background = createBackground({ clock })
    let reason: unknown
    background.run(
      'premium',
      (signal) =>
        patient(signal).catch((error: unknown) => {
          reason = error
          throw error
        }),
      { timeout: '30s' },
    )
    await clock.advance(29_999)
    expect(background.count).toBe(1)
    await clock.advance(1)
    expect(RepriseError.is(reason, 'E_TASK_TIMEOUT')).toBe(true)
    expect(lines.at(-1)).toBe(
      'background-ended premium timed-out 30000 "premium" took longer than its 30000 ms',
    )
    expect([background.count, clock.pending]).toEqual([0, 0])
  })

  test('beyond its limit it refuses, and takes again when a task has ended', async () => {
    const lines = listen()
    const clock = createFakeClock()
    const background = createBackground({ clock, limit: 1 })
    const one = gate()
    background.run('one', () => one.passed)
    expect(background.run('two', async () => {})).toBe(false)
    expect(lines.at(-1)).toBe('background-refused two full')
    one.open()
    await clock.settle()
    expect(background.run('three', async () => {})).toBe(true)
    expect(() => createBackground({ limit: 0 })).toThrow('limit is 0: give a whole number of 1 or more')
  })

  test('shutdown waits, then cancels, and says what was finished, cancelled and lost', async () => {
    const lines = listen()
    const clock = createFakeClock()
    const background = createBackground({ clock })
    const quick = gate()
    background.run('quick', () => quick.passed)
    background.run('slow', patient)
    background.run('deaf', () => new Promise(() => {}))
    let ended = false
    const report = background.shutdown(30_000).finally(() => (ended = true))
    expect(background.run('late', async () => {})).toBe(false)
    await clock.advance(10_000)
    quick.open()
    await clock.advance(19_999)
    expect(ended).toBe(false)
    expect(background.names).toEqual(['slow', 'deaf'])
    await clock.advance(1_001)
    expect(await report).toEqual({ finished: ['quick'], cancelled: ['slow'], lost: ['deaf'] })
    expect(await background.shutdown(0)).toBe(await report)
    expect(lines).toContain('background-refused late shut-down')
    expect(lines.at(-1)).toMatch(
      /^background-ended slow cancelled 30000 "slow" was cancelled: the application ended/,
    )
    expect(clock.pending).toBe(0)
  })

  test('with nothing under way a shutdown is over at once', async () => {
    const clock = createFakeClock()
    expect(await createBackground({ clock }).shutdown()).toEqual({ finished: [], cancelled: [], lost: [] })
  })
})
