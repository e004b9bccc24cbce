import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskEnding, TaskGate } from '../../src/tasks/gate.ts'
import type { GateSettings } from '../../src/tasks/settings.ts'
import { modelGate } from './model-gate.ts'
import { order } from './order.ts'

const endings: Readonly<Record<string, TaskEnding>> = {
  complete: { how: 'completed', result: { ok: true } },
  fail: { how: 'failed', error: 'no', retryIn: 50 },
  'fail-for-good': { how: 'failed', error: 'for good' },
  return: { how: 'returned' },
}

/** Random stories, in which a gate and the model must say the same at every step. */
export function gateModelTest({
  open,
  settings,
  clock,
  runs,
}: {
  readonly open: () => Promise<TaskGate>
  readonly settings: GateSettings
  readonly clock: { now: number }
  readonly runs: number
}): void {
  test('whatever happens, it does what the model does', async () => {
    const pick = fc.nat(50)
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('enqueue'),
          user: fc.nat(2),
          size: fc.integer({ min: 1, max: 4 }),
          key: fc.nat(9),
          batch: fc.boolean(),
        }),
      },
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('release'), most: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('start', 'beat', 'cancel', 'retry'), pick }) },
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constantFrom('complete', 'fail', 'fail-for-good', 'return'), pick }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('wait'), time: fc.constantFrom(10, 60, 110, 1_100) }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('sweep') }) },
    )
    type Step = {
      do: string
      user?: number
      size?: number
      key?: number
      batch?: boolean
      most?: number
      pick?: number
      time?: number
    }

    async function follow(steps: readonly Step[]): Promise<void> {
      const gate = await open()
      const model = modelGate({ ...settings, now: () => clock.now })
      const claims: { id: string; attempt: number }[] = []
      const ids: string[] = []
      const batches: string[] = []
      for (const [index, one] of steps.entries()) {
        const claim = claims[claims.length - 1 - ((one.pick ?? 0) % Math.max(1, claims.length))] ?? {
          id: 'none',
          attempt: 1,
        }
        const id = ids[(one.pick ?? 0) % Math.max(1, ids.length)] ?? 'none'
        if (one.do === 'enqueue') {
          const names = Array.from(
            { length: one.batch === true ? (one.size ?? 1) : 1 },
            (_, place) => `t${index}-${place}`,
          )
          const key = (one.key ?? 9) < 3 ? { value: `k${one.key}`, fingerprint: String(one.size) } : undefined
          const given = order(`u${one.user}`, names, {
            ...(key === undefined ? {} : { key }),
            ...(one.batch === true ? { batch: `n${index}` } : {}),
          })
          const told = await gate.enqueue(given)
          expect(told).toEqual(model.enqueue(given))
          if (told.outcome === 'accepted') {
            ids.push(...names)
            if (told.batch !== undefined) batches.push(told.batch)
          }
        } else if (one.do === 'release') {
          const released = await gate.release(one.most ?? 1)
          expect(released).toEqual(model.release(one.most ?? 1))
          claims.push(...released)
        } else if (one.do === 'start')
          expect((await gate.start(claim)) !== undefined).toBe(model.start(claim))
        else if (one.do === 'beat') expect(await gate.beat(claim)).toBe(model.beat(claim))
        else if (one.do === 'cancel') expect((await gate.cancel(id))?.status).toBe(model.cancel(id))
        else if (one.do === 'retry') expect(await gate.retry(id)).toEqual(model.retry(id))
        else if (one.do === 'wait') clock.now += one.time ?? 0
        else if (one.do === 'sweep') {
          const { undelivered, ...rest } = await gate.sweep()
          const { undelivered: expected, ...figures } = model.sweep()
          expect(rest).toEqual(figures)
          expect(new Set(undelivered.map(({ id: name }) => name))).toEqual(
            new Set(expected.map(({ id: name }) => name)),
          )
        } else {
          const ending = endings[one.do] ?? { how: 'returned' }
          expect(await gate.finish(claim, ending)).toBe(model.finish(claim, ending))
        }
        const counts = await gate.counts()
        expect(counts).toEqual(model.counts())
        expect(counts.processing).toBeLessThanOrEqual(settings.limits.global)
      }
      for (const user of ['u0', 'u1', 'u2']) {
        const counts = await gate.counts(user)
        expect(counts).toEqual(model.counts(user))
        expect(counts.processing).toBeLessThanOrEqual(settings.limits.perUser)
      }
      for (const batch of batches) expect((await gate.batch(batch))?.counts).toEqual(model.batch(batch))
      const kept = await gate.list({ limit: 200 })
      expect(
        kept.map(({ id, status, attempt, tries }) => ({ id, status, attempt, tries })).toReversed(),
      ).toEqual(model.tasks().map(({ id, status, attempt, tries }) => ({ id, status, attempt, tries })))
    }
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), follow), {
      numRuns: runs,
    })
  })
}
