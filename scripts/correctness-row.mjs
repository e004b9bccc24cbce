// One row of the correctness suite on one cache, in a process that may hang or end without harm: started by
// correctness.mjs, which sends what to do and gets the result.

/**
 * @typedef {object} Job
 * @property {string} row
 * @property {string} adapter
 * @property {string} redisUrl
 * @property {string | undefined} freezable the address of a Redis that the parent freezes when asked
 * @property {{ host: string, port: number }[] | undefined} cluster
 */

/** @type {Map<string, () => void>} */
const waiting = new Map()

/** @param {'freeze' | 'thaw'} what @returns {Promise<void>} */
const ask = (what) =>
  new Promise((resolve) => {
    waiting.set(what, resolve)
    process.send?.({ ask: what })
  })

/** @param {Job} job */
const work = async ({ row: id, adapter, redisUrl, freezable, cluster }) => {
  const { correctnessRows } = await import('../packages/cache/src/testing/correctness/suite.ts')
  const { runRow } = await import('../packages/cache/src/testing/correctness/stage.ts')
  const row = correctnessRows.find((one) => one.id === id)
  if (row === undefined) throw new Error(`there is no row ${id}`)
  const result = await runRow(row, {
    adapter,
    redisUrl,
    ...(freezable !== undefined && {
      freezable: { url: freezable, freeze: () => ask('freeze'), thaw: () => ask('thaw') },
    }),
    ...(cluster !== undefined && { cluster }),
  })
  await new Promise((resolve) => process.send?.({ result }, resolve))
  // A cache that leaves something running is not what the row is about.
  process.exit(0)
}

process.on('message', (message) => {
  if (typeof message === 'string') return waiting.get(message)?.()
  void work(/** @type {Job} */ (message))
})
process.once('disconnect', () => process.exit())
