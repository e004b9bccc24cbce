import { addDays, dayIn, dayText, readDay } from '../recognise/calendar.ts'

/** The zone that days and hours of the enterprise are counted in. */
export const businessZone = 'Asia/Shanghai'

/** A day of the enterprise: `2026-11-21`, and `20261121` as keys have it. */
export interface BusinessDay {
  readonly date: string
  readonly compact: string
}

/** The day of the enterprise that an instant falls on. */
export function businessDay(now: Date): BusinessDay {
  const date = dayText(dayIn(now, businessZone))
  return { date, compact: date.replaceAll('-', '') }
}

/** The instants at which a day such as `20261121` begins and ends; undefined when there is no such day. */
export function spanOfDay(compact: string): { readonly from: Date; readonly to: Date } | undefined {
  const day = readDay(compact.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'))
  if (day === undefined) return undefined
  // The zone has had no daylight saving time since 1991.
  const start = (text: string): Date => new Date(`${text}T00:00:00+08:00`)
  return { from: start(dayText(day)), to: start(dayText(addDays(day, 1))) }
}
