import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine } from '../src/operations/csv.ts'

/** Cells of a CSV file by RFC 4180, read by its grammar and not by our writer. */
function parse(file: string): string[][] {
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy
  const lines: string[][] = [[]]
  while (cell.lastIndex < file.length) {
    const found = cell.exec(file)
    if (found === null) throw new Error(`No CSV: ${JSON.stringify(file)}`)
    const [, text = '', end] = found
    lines.at(-1)?.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text)
    if (end === '\r\n') lines.push([])
  }
  return lines.slice(0, -1)
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.stringMatching(/^['=+\-@\t\r\n,"＝ a]{0,8}$/),
)

test('whatever the texts are, a reader of CSV gets them back, and no cell begins a formula', () => {
  const lines = fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { maxLength: 5 })
  fc.assert(
    fc.property(lines, (table) => {
      const read = parse(table.map((cells) => csvLine(cells)).join(''))
      for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/)
      const plain = read.map((cells) =>
        cells.map((cell) => (/^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell)),
      )
      expect(plain).toEqual(table)
    }),
    { numRuns: 1000 },
  )
})

test('numbers stay numbers, nothing is an empty cell', () => {
  expect(csvLine([-1.5, null, '', '=1+1', 'a,b', 'say "hi"'])).toBe(`-1.5,,,'=1+1,"a,b","say ""hi"""\r\n`)
})
