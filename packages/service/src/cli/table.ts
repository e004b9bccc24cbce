import Table from 'cli-table3'

/** A column: its title, what a row shows there, and which way it is set. */
export interface Column<Row> {
  readonly title: string
  readonly show: (row: Row) => string | number | null | undefined
  /** Numbers go right. @default 'left' */
  readonly align?: 'left' | 'right'
}

const rule = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Rows under titles, without lines between them: what a person reads and `awk` can split. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const drawn = new Table({
    head: columns.map(({ title }) => title),
    chars: rule,
    colAligns: columns.map(({ align = 'left' }) => align),
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
  for (const row of rows) drawn.push(columns.map(({ show }) => printable(show(row))))
  return `${drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

/** Names and their values, one on a line. */
export function facts(
  pairs: readonly (readonly [name: string, value: string | number | null | undefined])[],
): string {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}\n`).join('')
}

// A value of a cache can hold what moves the cursor or hides text.
function printable(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '-'
  return String(value).replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))
}
