import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Phase, stepPhase } from '../src/alarms/phase.ts'
import { type Reading, mergeReadings } from '../src/alarms/readings.ts'

test('a figure raises its alarm when it was beyond long enough, and ends it when it was well within as long', () => {
  const rule = { on: 10, off: 5, for: 2, beyond: 'above' } as const
  const values = [4, 11, 9, 12, 12, 12, 8, 4, 7, 4, 4, 4, undefined]
  let phase: Phase | undefined
  const seen = values.map((value, now) => {
    const step = stepPhase(rule, phase, { value, now })
    phase = step
    return step.event ?? step.phase
  })
  expect(seen).toEqual([
    'quiet',
    'rising',
    'quiet',
    'rising',
    'rising',
    'raised',
    'active',
    'falling',
    'active',
    'falling',
    'falling',
    'cleared',
    'quiet',
  ])
})

test('whatever the figures: raised and cleared take turns, and neither comes before its time', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 15 }), { nil: undefined }), { maxLength: 80 })
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 5 }), fc.boolean(), (figures, length, above) => {
      const rule = above
        ? ({ on: 10, off: 5, for: length, beyond: 'above' } as const)
        : ({ on: 5, off: 10, for: length, beyond: 'below' } as const)
      const isBeyond = (value: number | undefined): boolean =>
        value !== undefined && (above ? value > rule.on : value < rule.on)
      let phase: Phase | undefined
      let raised = false
      figures.forEach((value, now) => {
        const step = stepPhase(rule, phase, { value, now })
        if (step.event !== undefined) {
          expect(step.event).toBe(raised ? 'cleared' : 'raised')
          raised = !raised
          const before = figures.slice(Math.max(0, now - length), now + 1)
          expect(before.length).toBe(length + 1)
          expect(before.every((one) => isBeyond(one) === raised)).toBe(true)
        }
        phase = step
      })
    }),
    { numRuns: 300 },
  )
})

test('readings of processes: counts are summed, the rest is the worst, and too few are no figure', () => {
  const reading = (more: Partial<Reading>): Reading => ({
    reads: 0,
    hits: 0,
    loads: 0,
    loadFailures: 0,
    memory: 0.1,
    tiers: {},
    ...more,
  })
  const figures = mergeReadings([
    reading({ reads: 90, hits: 90, lag: 3, tiers: { redis: 0, sql: 0 } }),
    reading({ reads: 10, hits: 0, lag: 1, memory: 0.5, loadFailures: 3, tiers: { redis: 1 } }),
  ])
  expect(
    Object.fromEntries([...figures].map(([rule, values]) => [rule, Object.fromEntries(values)])),
  ).toEqual({
    hit_rate: { '': 0.9 },
    load_failures: {},
    log_lag: { '': 3 },
    memory_share: { '': 0.5 },
    stuck_results: {},
    queue_age: {},
    tier_unreachable: { redis: 1, sql: 0 },
  })
})
