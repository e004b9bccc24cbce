/** What the database does for a read and a trim, by its own account, as the application role and with rows enough. */
import type { Database } from '@reprise/database'
import { openResults } from '@reprise/results'
import { beforeAll, expect, test } from 'vitest'
import * as retention from '../src/retention-statements.ts'
import * as statements from '../src/statements.ts'
import { testServer } from './server.ts'

const server = await testServer('plans')
let application: Database

beforeAll(async () => {
  const owner = await server.open()
  await (await openResults({ database: owner, types: { note: {} } })).close()
  await server.grant()
  await owner.script(`
    insert into result_shelves select 'site-' || s, 'note', 20000 from generate_series(1, 3) s;
    insert into results (site, type, target, number, status, head, value, created_at, finished_at, expires_at, begun_after)
      select 'site-' || s, 'note', 'target-' || n % 2000, n, 'valid', n > 18000, '{"a":1}', now(), now(),
        now() + interval '1 day', 0
      from generate_series(1, 3) s, generate_series(1, 20000) n;
    insert into result_labels (site, label, result) select site, 'tag:' || target, id from results;
    analyze`)
  application = await server.open(server.applicationUrl)
})

interface Plan {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly 'Actual Loops': number
  readonly 'Actual Rows': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** The nodes of a plan that read a table. */
async function scans(text: string, parameters: readonly unknown[], site?: string): Promise<readonly Plan[]> {
  const nodes: Plan[] = []
  const visit = (plan: Plan): void => {
    if (/Scan/.test(plan['Node Type']) && !/(Function|CTE|Subquery) Scan/.test(plan['Node Type']))
      nodes.push(plan)
    plan.Plans?.forEach(visit)
  }
  const explain = `explain (analyze, format json) ${text}`
  const undo = new Error('undo')
  await application
    .transaction(async (transaction) => {
      if (site !== undefined) await transaction.query(statements.name, [site])
      const { rows } = await transaction.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explain, parameters)
      visit((rows[0] as { 'QUERY PLAN': [{ Plan: Plan }] })['QUERY PLAN'][0].Plan)
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  return nodes
}

test('getLatest is one probe of the index of valid results, which reads one row', async () => {
  // The function's own query, its parameters in their places.
  const { rows } = await application.query<{ body: string }>(
    "select prosrc as body from pg_proc where proname = 'latest_result'",
  )
  const query = /return query([^;]*);/.exec(rows[0]?.body ?? '')?.[1] ?? ''
  const names = ['of_site', 'of_type', 'of_target', 'at']
  const text = names.reduce(
    (before, name, index) => before.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `$${index + 1}`),
    query,
  )
  const nodes = await scans(
    text.replace('$4', '$4::timestamptz'),
    ['site-2', 'note', 'target-7', null],
    'site-2',
  )
  expect(nodes).toHaveLength(1)
  expect(nodes[0]).toMatchObject({
    'Node Type': 'Index Scan',
    'Index Name': 'results_valid',
    'Actual Loops': 1,
    'Actual Rows': 1,
  })
  expect(nodes[0]?.['Rows Removed by Filter'] ?? 0).toBe(0)
})

test('history reads as many rows as it returns', async () => {
  const nodes = await scans(statements.history, ['site-2', null, 'note', 'target-7', 2, null])
  expect(nodes).toHaveLength(1)
  expect(nodes[0]).toMatchObject({ 'Index Name': 'results_finished', 'Actual Rows': 2 })
})

test('a trim reads what it deletes and nothing else', async () => {
  const nodes = await scans(retention.trimCount, ['site-2', 'note', 700, 1_000], 'site-2')
  expect(
    nodes.map((node) => [
      node['Index Name'],
      node['Actual Rows'] * node['Actual Loops'],
      node['Rows Removed by Filter'] ?? 0,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['results_spare', 700, 0],
      ['results_pkey', 700, 0],
    ]),
  )
  expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  const none = await scans(retention.trimCount, ['site-2', 'note', 0, 1_000], 'site-2')
  expect(none.map((node) => node['Actual Rows'] * node['Actual Loops']).every((rows) => rows === 0)).toBe(
    true,
  )
})

test('an invalidation by label goes by the index of labels', async () => {
  const now = new Date()
  const nodes = await scans(
    statements.invalidate.label,
    ['site-2', now, null, null, 'tag:target-7'],
    'site-2',
  )
  expect(new Set(nodes.map((node) => node['Index Name']))).toEqual(
    new Set(['result_labels_pkey', 'results_of_site']),
  )
})
