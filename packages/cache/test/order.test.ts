import { type InvalidationLog, memoryLog } from '@reprise/cache'
import { createFakeClock, mapTier } from '@reprise/cache/testing'
import { describe, expect, test } from 'vitest'
import { gate, notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }

/** A log whose records of tag `a` are confirmed late, after those that came behind them. */
function lateLog(): { readonly log: InvalidationLog; readonly confirm: () => void } {
  const log = memoryLog()
  const slow = gate()
  return {
    confirm: slow.open,
    log: {
      ...log,
      async append(marks) {
        const position = await log.append(marks)
        if (marks.includes('t:a')) await slow.passed
        return position
      },
    },
  }
}

// Several connections to one database answer in any order.
describe('records of the log that are confirmed out of order', () => {
  test('a copy-up between them keeps the position that the value was born with', async () => {
    const clock = createFakeClock()
    const { log, confirm } = lateLog()
    const { cache } = await rig(notes(), { clock, log, tiers: [mapTier({ clock })] })
    const handle = cache.open(notes())
    await handle.set(one, 'old', { tags: ['a'] })
    await cache.cleanup({ createdBefore: Infinity, tiers: ['memory'] })
    const first = cache.invalidate({ tags: ['a'] })
    await cache.invalidate({ tags: ['b'] })
    expect(await handle.get(one)).toBe('old')
    confirm()
    await first
    expect(handle.peek(one)).toBeUndefined()
    expect(await handle.get(one)).toBeUndefined()
  })

  test('a touch between them does not make the value younger', async () => {
    const { log, confirm } = lateLog()
    const { cache } = await rig(notes(), { log })
    const handle = cache.open(notes())
    await handle.set(one, 'old', { tags: ['a'] })
    const first = cache.invalidate({ tags: ['a'] })
    await cache.invalidate({ tags: ['b'] })
    expect(await handle.touch(one, '1h')).toBe(true)
    confirm()
    await first
    expect(await handle.get(one)).toBeUndefined()
  })
})
