/** @param {boolean | 'not offered'} passed */
const mark = (passed) => (passed === 'not offered' ? '-' : passed ? 'yes' : 'NO')

/**
 * A table with a line for each row and a column for each cache: `yes`, `NO`, or `-` where the cache does not offer it.
 * @param {readonly { id: string, title: string }[]} rows
 * @param {readonly { name: string, results: readonly { row: string, passed: boolean | 'not offered' }[] }[]} columns
 */
export const sayTable = (rows, columns) => {
  const width = Math.max(...rows.map(({ title }) => title.length))
  const lines = rows.map(({ id, title }) => {
    const cells = columns.map(({ name, results }) => {
      const result = results.find(({ row }) => row === id)
      return (result === undefined ? '' : mark(result.passed)).padStart(name.length)
    })
    return [title.padEnd(width), ...cells].join('  ')
  })
  const counts = columns.map(({ name, results }) =>
    String(results.filter(({ passed }) => passed === true).length).padStart(name.length),
  )
  return [
    [''.padEnd(width), ...columns.map(({ name }) => name)].join('  '),
    ...lines,
    ['passed'.padEnd(width), ...counts].join('  '),
  ].join('\n')
}
