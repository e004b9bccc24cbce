import { createBackground, race } from '@reprise/cache'
import { createFakeClock } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { gate, notes, rig } from './rig.ts'

/** Faults that were found by reading, each with the test that showed it. */
describe('races, found by reading', () => {
  const id = { user: 'u', id: 1 }

  test('R21 what is left running by a load that is over ends, and keeps no place', async () => {
    const clock = createFakeClock()
    const background = createBackground({ clock, limit: 1 })
    const { cache } = await rig(notes({ hardLimit: 1_000, backoff: false }), { clock, background })
    const late = gate()
    const outcomes: unknown[] = []
    const asked = cache
      .open(notes({ hardLimit: 1_000, backoff: false }))
      .getOrLoad(id, async ({ upgrade }) => {
        await late.passed
        upgrade(async ({ offer }) => outcomes.push(await offer('better', {})))
        return 'too late'
      })
      .catch((error: unknown) => error)
    await clock.advance(1_000)
    expect(await asked).toMatchObject({ code: 'E_LOADER_TIMEOUT' })
    late.open()
    await clock.settle()
    expect(background.names).toEqual([])
    expect(outcomes).toEqual(['superseded'])
    await cache.close()
  })

  test.each(['soon', Number.NaN])('R22 a race whose timeout is %s is refused when it is made', (timeout) => {
    expect(() => race({ fast: () => 1 }, { timeout: timeout as never })).toThrow(/timeout/)
  })
})
