/** A day of the calendar, without time or zone. `month` is 1 to 12. */
export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

// Making a formatter takes longer than all else that a cached turn does with dates.
const formats = new Map<string, Intl.DateTimeFormat>()
const mostFormats = 1_000

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: timezone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  })
  if (formats.size >= mostFormats) formats.clear()
  formats.set(timezone, format)
  return format
}

/** Whether a text names a zone, such as `Asia/Shanghai`. */
export function isTimezone(text: string): boolean {
  try {
    formatOf(text)
    return true
  } catch {
    return false
  }
}

/** The day that an instant falls on in a zone, such as `Asia/Shanghai`. @throws RangeError for an unknown zone */
export function dayIn(now: Date, timezone: string): Day {
  const parts = formatOf(timezone).formatToParts(now)
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return { year: read('year'), month: read('month'), day: read('day') }
}

/** A day some days later, or earlier for a negative number. */
export function addDays(day: Day, count: number): Day {
  return fromUtc(new Date(Date.UTC(day.year, day.month - 1, day.day + count)))
}

/** A day some months later: the same day of the month, or its last one. */
export function addMonths(day: Day, count: number): Day {
  const last = lastOfMonth({ ...day, day: 1 }, count)
  return { ...last, day: Math.min(day.day, last.day) }
}

/** The last day of the month that is `count` months after this day's. */
export function lastOfMonth(day: Day, count = 0): Day {
  return fromUtc(new Date(Date.UTC(day.year, day.month + count, 0)))
}

/** 1 for Monday to 7 for Sunday. */
export function weekday(day: Day): number {
  return new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay() || 7
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

/** `YYYY-MM-DD`; texts compare as their days do. */
export function dayText(day: Day): string {
  return `${pad(day.year, 4)}-${pad(day.month, 2)}-${pad(day.day, 2)}`
}

/** Whether the calendar has this day: there is no 31 November. */
export function exists(day: Day): boolean {
  return dayText(fromUtc(new Date(Date.UTC(day.year, day.month - 1, day.day)))) === dayText(day)
}

/** The day of a `YYYY-MM-DD` text; undefined when it is not one. */
export function readDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const day = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
  return exists(day) ? day : undefined
}

function fromUtc(date: Date): Day {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
