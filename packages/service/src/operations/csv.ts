import type { OperationRow } from './operation.ts'

const columns = [
  'position',
  'at',
  'action',
  'user_id',
  'username',
  'tenant',
  'target',
  'details',
  'result',
  'status',
  'error',
  'duration_ms',
  'address',
  'request_id',
  'previous',
  'hash',
] as const satisfies readonly (keyof OperationRow)[]

/**
 * A line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front, and so does
 * one that has apostrophes there already: taking one away gives the text back.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  const shown = cells.map((cell) => {
    if (typeof cell === 'number') return String(cell)
    const text = /^'*[=+\-@\t\r\n＝＋－＠]/.test(cell ?? '') ? `'${cell}` : (cell ?? '')
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${shown.join(',')}\r\n`
}

/** Rows as a CSV file in UTF-8 with a byte order mark, which spreadsheets need to see Chinese; one chunk for every row. */
export async function* csvOf(rows: AsyncIterable<OperationRow>): AsyncGenerator<string> {
  yield `\u{FEFF}${csvLine(columns)}`
  for await (const row of rows) yield csvLine(columns.map((column) => cellOf(row[column])))
}

function cellOf(value: OperationRow[(typeof columns)[number]]): string | number | null {
  if (typeof value !== 'object' || value === null) return value
  return value instanceof Date ? value.toISOString() : JSON.stringify(value)
}
