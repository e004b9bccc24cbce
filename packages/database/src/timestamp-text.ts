const pattern =
  /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/

/**
 * The moment that PostgreSQL's ISO text of a `timestamp` or `timestamptz` names, to the millisecond.
 * Text without an offset is read as UTC; `infinity` and `-infinity` are the numbers ±Infinity.
 */
export function parseTimestamp(text: string): Date | number {
  const match = pattern.exec(text)
  if (match === null) {
    if (text === 'infinity') return Infinity
    if (text === '-infinity') return -Infinity
    return new Date(Number.NaN)
  }
  const part = (index: number): number => Number(match[index] ?? 0)
  const year = match[12] === undefined ? part(1) : 1 - part(1)
  const milliseconds = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000)
  const date = new Date(Date.UTC(2000, part(2) - 1, part(3), part(4), part(5), part(6), milliseconds))
  // Date.UTC reads years 0 to 99 as 1900 to 1999, so the year is set apart.
  date.setUTCFullYear(year, part(2) - 1, part(3))
  const offset = ((part(9) * 60 + part(10)) * 60 + part(11)) * 1000
  return new Date(date.getTime() - (match[8] === '-' ? -offset : offset))
}
