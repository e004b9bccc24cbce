import { endOfDay, milliseconds } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { notes, rig } from './rig.ts'

const one = { user: 'ann', id: 1 }

describe('milliseconds', () => {
  test.each([
    [0, 0],
    [1.5, 1.5],
    [Infinity, Infinity],
    [-1, -1],
    ['0s', 0],
    ['150ms', 150],
    ['2s', 2_000],
    ['30m', 1_800_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    ['-1m', -60_000],
  ] as const)('%o is %o', (duration, wanted) => expect(milliseconds(duration)).toBe(wanted))

  test.each(['', '30', 'm', '30 m', '30min', '1h30m', ' 1s', '1e3ms', null, undefined, Number.NaN, {}])(
    '%o is refused, quoted',
    (duration) => {
      expect(() => milliseconds(duration as never, 'wait')).toThrow(/^wait is .*give milliseconds/)
    },
  )
})

const days = new Map<string, Intl.DateTimeFormat>()
/** The calendar day of an instant, by the platform's own calendar. */
function dayOf(zone: string, instant: number): string {
  const format = days.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  days.set(zone, format)
  return format.format(instant)
}

describe('endOfDay', () => {
  // Days that begin at 01:00 (Cairo, Beirut, Havana, Santiago), have 23 or 25 hours, or do not exist (Apia, 2011-12-30).
  const turns: readonly (readonly [string, number])[] = [
    ['Asia/Shanghai', Date.UTC(2026, 0, 1)],
    ['America/New_York', Date.UTC(2026, 2, 8)],
    ['America/New_York', Date.UTC(2026, 10, 1)],
    ['Europe/Berlin', Date.UTC(2026, 2, 29)],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 5)],
    ['Asia/Kathmandu', Date.UTC(2026, 5, 1)],
    ['Africa/Cairo', Date.UTC(2024, 3, 26)],
    ['Africa/Cairo', Date.UTC(2023, 9, 27)],
    ['Asia/Beirut', Date.UTC(2024, 2, 31)],
    ['America/Havana', Date.UTC(2026, 2, 8)],
    ['America/Havana', Date.UTC(2026, 10, 1)],
    ['America/Santiago', Date.UTC(2024, 8, 8)],
    ['Pacific/Apia', Date.UTC(2011, 11, 30)],
    ['Pacific/Kiritimati', Date.UTC(2026, 0, 1)],
  ]
  test.each(turns)('in %s around %o it is the first instant of the next day', (zone, around) => {
    const rule = endOfDay(zone, { minimum: 0 })
    for (let at = around - 40 * 3_600_000; at < around + 40 * 3_600_000; at += 1_700_011) {
      const end = rule.endsAt(at)
      expect(end).toBeGreaterThan(at)
      expect(dayOf(zone, end - 1)).toBe(dayOf(zone, at))
      expect(dayOf(zone, end)).not.toBe(dayOf(zone, at))
    }
  })

  test('nothing is born expired: at the last millisecond of a day it lives a second, or the minimum told', () => {
    const midnight = Date.UTC(2026, 0, 1, 16)
    expect(endOfDay('Asia/Shanghai').endsAt(midnight - 1)).toBe(midnight + 999)
    expect(endOfDay('Asia/Shanghai').endsAt(midnight - 5_000)).toBe(midnight)
    expect(endOfDay('Asia/Shanghai').endsAt(midnight)).toBe(midnight + 86_400_000)
    expect(endOfDay('Asia/Shanghai', { minimum: '1m' }).endsAt(midnight - 1)).toBe(midnight + 59_999)
  })

  test('an unknown zone is refused when the rule is made', () => {
    expect(() => endOfDay('Asia/Nowhere')).toThrow(/endOfDay\("Asia\/Nowhere"\): no such time zone/)
    expect(() => endOfDay('')).toThrow(/no such time zone/)
  })

  test('an entry ends with its day', async () => {
    const { cache, clock } = await rig(notes({ ttl: endOfDay('Asia/Shanghai') }))
    await cache.open(notes()).set(one, 'value')
    expect(await cache.open(notes()).ttl(one)).toBe(Date.UTC(2026, 0, 1, 16) - clock.now())
  })
})

describe('the ttl of an entry', () => {
  test.each([0, -1, '0s', '-5m', -Infinity] as const)('%o means: do not keep', async (ttl) => {
    const { cache } = await rig(notes({ ttl }))
    const handle = cache.open(notes())
    expect(await handle.getOrLoad(one, () => 'loaded')).toBe('loaded')
    expect(await handle.get(one)).toBeUndefined()
    expect(cache.stats().total.memoryEntries).toBe(0)
  })

  test.each([undefined, Number.NaN, '5', {}])('%o is refused wherever it is said', async (bad) => {
    const { cache } = await rig(notes())
    const handle = cache.open(notes())
    await expect(handle.set(one, 'value', { ttl: bad as never })).rejects.toMatchObject({
      code: 'E_TTL_INVALID',
    })
    const { cache: other } = await rig(notes({ ttl: () => bad as never }))
    await expect(other.open(notes()).set(one, 'value')).rejects.toMatchObject({ code: 'E_TTL_INVALID' })
    expect(await handle.get(one)).toBeUndefined()
  })

  test('a ttl of 0 on set removes what is there; Infinity is for ever', async () => {
    const { cache, clock } = await rig(notes())
    const handle = cache.open(notes())
    await handle.set(one, 'value', { ttl: Infinity })
    await clock.advance(1e12)
    expect(await handle.ttl(one)).toBe(Infinity)
    await handle.set(one, 'other', { ttl: 0 })
    expect(await handle.get(one)).toBeUndefined()
  })

  test('a function sees the value and the parameters; jitter only shortens', async () => {
    const ttl = (value: unknown, { id }: { readonly id: unknown }): number => Number(value) * Number(id)
    const { cache } = await rig(notes({ ttl, jitter: 0.5 }))
    const handle = cache.open(notes())
    await handle.set({ user: 'ann', id: 10 }, 1_000)
    expect(await handle.ttl({ user: 'ann', id: 10 })).toBe(7_500)
  })
})
