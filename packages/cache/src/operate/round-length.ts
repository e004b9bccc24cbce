const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Lengths of time that people would write, in milliseconds. */
const round: readonly number[] = [
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((count) => count * second),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((count) => count * minute),
  ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * hour),
  ...[1, 2, 3, 5, 7, 14, 30, 60, 90, 180].map((count) => count * day),
]

/** The shortest length of time that people would write and that is not shorter, in milliseconds; whole days beyond half a year. */
export function roundLength(length: number): number {
  return round.find((one) => one >= length) ?? Math.ceil(length / day) * day
}

/** A length of time as text, such as `3m` or `1.5h`; `for ever` for Infinity. */
export function written(length: number): string {
  if (length === Infinity) return 'for ever'
  const [unit, name] = (
    [
      [day, 'd'],
      [hour, 'h'],
      [minute, 'm'],
      [second, 's'],
      [1, 'ms'],
    ] as const
  ).find(([size]) => length >= size) ?? [1, 'ms']
  return `${Number((length / unit).toFixed(1))}${name}`
}
