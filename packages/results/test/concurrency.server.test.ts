/** Many connections at once on PostgreSQL: what one transaction after another on PGlite cannot show. */
import { type Results, ResultsError, openResults } from '@reprise/results'
import { beforeAll, expect, test } from 'vitest'
import { testServer } from './server.ts'

const server = await testServer('concurrency')
const types = { note: { keep: 50 } }
let processes: Results<typeof types>[]

beforeAll(async () => {
  const pools = await Promise.all([server.open(), server.open(), server.open()])
  // All three migrate at once.
  processes = await Promise.all(
    pools.map((database, index) => openResults({ database, types, holder: `process-${index}` })),
  )
})

const each = <T>(
  count: number,
  call: (turn: number, results: Results<typeof types>) => Promise<T>,
): Promise<T[]> =>
  Promise.all(
    Array.from({ length: count }, (_, turn) => call(turn, processes[turn % 3] as Results<typeof types>)),
  )

test('of 30 that begin one target at once, one may; the others are told who', async () => {
  const outcomes = await each(30, (_turn, results) =>
    results
      .forSite('begin')
      .begin('note', 't')
      .catch((error: unknown) => error),
  )
  const errors = outcomes.filter((outcome) => ResultsError.is(outcome, 'E_RESULT_BUSY'))
  expect(errors).toHaveLength(29)
  const { rows } = await (await server.open()).query(`select status from results where site = 'begin'`)
  expect(rows).toEqual([{ status: 'generating' }])
})

test('30 callers of getOrGenerate in three processes make one result', async () => {
  let calls = 0
  const answers = await each(30, (_turn, results) =>
    results.forSite('once').getOrGenerate('note', 't', async () => {
      calls += 1
      return `made ${calls}`
    }),
  )
  expect(calls).toBe(1)
  expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(['made 1']))
})

test('numbers of a shelf have no gaps and follow the order of commits; one result of a target is its head', async () => {
  await each(60, (turn, results) => results.forSite('order').write('note', `t${turn % 4}`, turn))
  const observer = await server.open()
  const { rows } = await observer.query<{ number: number; head: boolean; target: string }>(
    `select number, head, target from results where site = 'order' order by number`,
  )
  expect(rows.at(-1)?.number).toBe(60)
  expect(
    rows
      .filter(({ head }) => head)
      .map(({ target }) => target)
      .toSorted(),
  ).toEqual(['t0', 't1', 't2', 't3'])
  for (const results of processes) await results.maintain()
  const left = await observer.query<{ number: number }>(
    `select number from results where site = 'order' order by number`,
  )
  expect(left.rows.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11))
})

test('whatever was generated from a model is gone once its invalidation has resolved, however they interleave', async () => {
  for (let round = 0; round < 10; round += 1) {
    const target = `t${round}`
    const [first, second] = processes as [Results<typeof types>, Results<typeof types>]
    const generation = await first.forSite('race').begin('note', target)
    const finalizing = generation.finalize(round, { derivation: { model: 'qwen' } }).then(
      () => 'valid',
      (error: ResultsError) => error.code,
    )
    const invalidating = second.forSite('race').invalidate({ model: 'qwen' })
    const [outcome] = await Promise.all([finalizing, invalidating])
    expect(['valid', 'E_RESULT_INVALIDATED']).toContain(outcome)
    expect(await second.forSite('race').getLatest('note', target)).toBeNull()
  }
})

test('all kinds of changes at once end without a deadlock, and leave at most one head and one generator of a target', async () => {
  const change = (turn: number, results: Results<typeof types>): Promise<unknown> => {
    const here = results.forSite('mixed')
    const target = `t${turn % 3}`
    const kind = turn % 8
    if (kind === 0) return here.invalidate({ tag: 'x' })
    if (kind === 1) return here.invalidate({ type: 'note', target })
    if (kind === 2) return results.maintain()
    if (kind === 3) return here.getOrGenerate('note', target, () => turn, { refresh: true, wait: true })
    if (kind === 4) return here.begin('note', target).then((begun) => begun.fail('no'))
    return here.write('note', target, turn, { tags: ['x'], derivation: { rank: turn } })
  }
  const outcomes = await each(120, (turn, results) => change(turn, results).catch((error: unknown) => error))
  // To be refused is an answer; a deadlock would be an error of the database.
  expect(outcomes.filter((outcome) => outcome instanceof Error && !ResultsError.is(outcome))).toEqual([])
  const { rows } = await (
    await server.open()
  ).query(
    `select target, count(*) filter (where head) > 1 as heads, count(*) filter (where status = 'generating') as generators
     from results where site = 'mixed' group by target order by target`,
  )
  expect(rows).toEqual(['t0', 't1', 't2'].map((target) => ({ target, heads: false, generators: 0 })))
})
