/** Shows that the simulation can fail: without any one of the protocol's safeguards it finds a promise broken. */
import { afterAll, describe, expect, test } from 'vitest'
import { copySources, hunt, removeCopies } from './mutants-copy.ts'
import { mutants } from './mutants.ts'

const patience = 120_000
/** Schedules of the hunt when none of the known ones finds a mutant. */
const hunted = 3_000

describe.concurrent('mutants: the simulation finds every safeguard that is switched off', () => {
  afterAll(() => removeCopies())

  test(
    'the sources as they are keep every promise in the same schedules',
    { timeout: patience },
    async () => {
      const seeds = mutants.flatMap((mutant) => mutant.seeds)
      const { broken, seed, schedules } = await hunt(copySources('none', []), seeds, 200)
      expect([seed, broken]).toEqual([undefined, undefined])
      expect(schedules).toBe(seeds.length + 200)
    },
  )

  test.each(mutants)('$name', { timeout: patience }, async ({ name, edits, seeds }) => {
    const { broken, schedules } = await hunt(copySources(name, edits), seeds, hunted)
    expect(broken, `${schedules} schedules found nothing`).toMatch(/promise|bounded|never ended/)
  })

  test('a mutant whose place is gone says so', () => {
    const edits = [{ file: 'log/order.ts', from: 'this was never there', to: '' }]
    expect(() => copySources('gone', edits)).toThrow(/order.ts has 0 times, not once: this was never there/)
  })
})
