/** What a benchmark found: rows and ratios, as a text chart and as JSON for whoever compares runs. */
import { writeFileSync } from 'node:fs'

/** One measured figure; `spread` is (largest − smallest) / median over its rounds. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly spread: number
}

/** One figure against another: the median of the ratios of each round, since a round's two halves had the same machine. */
export interface Ratio {
  readonly name: string
  readonly value: number
}

/** The middle of numbers; the upper one of two. NaN for none. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

/** The smallest number that a share (0 to 1) of all are at or below. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** The row of one figure that was measured once a round. */
export function rowOf(name: string, unit: string, rounds: readonly number[]): Row {
  const value = median(rounds)
  return { name, value, unit, spread: (Math.max(...rounds) - Math.min(...rounds)) / value }
}

/** The ratio of two figures of the same rounds. */
export function ratioOf(name: string, above: readonly number[], below: readonly number[]): Ratio {
  return { name, value: median(above.map((value, round) => value / (below[round] as number))) }
}

const width = 28

/** A bar of a chart, as long as its share of the longest. */
export function bar(value: number, longest: number): string {
  const eighths = Math.round((value / longest) * width * 8)
  return ('█'.repeat(eighths >> 3) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths & 7]).padEnd(width)
}

/** A number with three significant digits or none after the point. */
export function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** The value of `--name VALUE` on the command line. */
export function option(name: string): string | undefined {
  const place = process.argv.indexOf(`--${name}`)
  return place === -1 ? undefined : process.argv[place + 1]
}

/** The value of `--name NUMBER`, or the usual one. @throws Error when it is no positive number */
export function numberOption(name: string, usual: number): number {
  const given = option(name)
  const value = given === undefined ? usual : Number(given)
  if (value > 0 && Number.isFinite(value)) return value
  throw new Error(`--${name} is "${given}": give a positive number`)
}

/** Writes figures to the file of `--json FILE`, where there is one. */
export function writeFigures(figures: {
  readonly rows: readonly Row[]
  readonly ratios: readonly Ratio[]
}): void {
  const file = option('json')
  if (file === undefined) return
  writeFileSync(file, `${JSON.stringify(figures, undefined, 2)}\n`)
  console.log(`figures: ${file}`)
}
