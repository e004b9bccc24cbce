import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cache, createCache, defineCatalog } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { openDatabase } from '@reprise/database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TaskContext, type TaskKinds, defineTaskKinds } from '../../src/tasks/kind.ts'
import { builtInKinds } from '../../src/tasks/kinds/built-in-kinds.ts'
import { headlines, quotes } from '../start-service.ts'

const day = 86_400_000
let now: number
let dataDir: string
let cache: Cache
let kinds: TaskKinds
let told: { done: number; total: number | undefined; message: string | undefined }[]
let steps: string[]

beforeEach(async () => {
  now = Date.parse('2026-11-21T08:00:00Z')
  dataDir = mkdtempSync(join(tmpdir(), 'reprise-kinds-'))
  told = []
  steps = []
  cache = await createCache({
    catalog: defineCatalog({ prefix: 'test', spaces: [quotes, headlines] }),
    sweepEvery: 0,
  })
  kinds = defineTaskKinds(
    builtInKinds({
      cache,
      dataDir,
      now: () => now,
      warmers: {
        quotes: () =>
          ['A', 'B', 'bad'].map((symbol) => ({
            name: symbol,
            run: async () =>
              cache.open(quotes).getOrLoad({ market: 'sz', symbol }, () => {
                if (symbol === 'bad') throw new Error('no such symbol')
                return { price: 1 }
              }),
          })),
        broken: () => [{ name: 'x', run: () => Promise.reject(new Error('always')) }],
      },
      results: {
        async maintain({ onStep } = {}) {
          const report = { step: 'expire', rows: 3, milliseconds: 1.4, failures: [] } as const
          onStep?.(report)
          return [report]
        },
      },
    }),
  )
})
afterEach(async () => {
  await cache.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function run(
  name: string,
  input: unknown = {},
  signal = new AbortController().signal,
): Promise<unknown> {
  const { kind } = kinds.find(name)
  const context: TaskContext = {
    signal,
    id: 'task-1',
    user: { id: '1', username: 'ann' },
    tries: 1,
    log: { info: () => {}, warn: () => {} },
    progress: (done, total, message) => void told.push({ done, total, message }),
    async step(step, work) {
      steps.push(step)
      return work()
    },
  }
  return kind.run(kind.input.parse(input), context)
}
const fill = async (count: number): Promise<void> => {
  await cache.open(quotes).setMany(
    Array.from({ length: count }, (_, n) => ({
      params: { market: 'sh', symbol: `s${n}` },
      value: { price: n },
    })),
  )
}

test('cleanup removes what is older, tells its progress, and can be repeated', async () => {
  await fill(30)
  expect(await run('cleanup', { days: 1 })).toMatchObject({ removed: 0, type: 'all' })
  now = Date.now() + 2 * day
  expect(await run('cleanup', { days: 1 })).toMatchObject({
    removed: 30,
    tiers: [{ tier: 'memory', removed: 30 }],
  })
  expect(told.at(-1)).toEqual({ done: 30, total: 30, message: 'memory: 30 removed' })
  expect(await run('cleanup', { days: 1 })).toMatchObject({ removed: 0 })
  expect(await run('cleanup', { days: 1, type: 'redis' })).toMatchObject({ removed: 0, tiers: [] })
  expect(steps).toContain('entries')
  await expect(run('cleanup', { days: 31 })).rejects.toThrow('days')
})

test('cleanup of a tier ends between two pages when it is told to, and goes on when it is repeated', async () => {
  const database = await openDatabase()
  const over = await createCache({
    catalog: defineCatalog({ prefix: 'test', spaces: [quotes] }),
    tiers: [sqlTier({ database })],
    log: sqlLog({ database, catalog: 'test' }),
    sweepEvery: 0,
  })
  const handle = over.open(quotes)
  for (let n = 0; n < 2_500; n += 500) {
    await handle.setMany(
      Array.from({ length: 500 }, (_, m) => ({
        params: { market: 'm', symbol: `s${n + m}` },
        value: { price: m },
      })),
    )
  }
  const stop = new AbortController()
  const { kind } = defineTaskKinds(
    builtInKinds({ cache: over, dataDir, now: () => Date.now() + 9 * day }),
  ).find('cleanup')
  const seen: number[] = []
  const context = {
    id: 't',
    tries: 1,
    user: { id: '1', username: 'a' },
    log: { info: () => {}, warn: () => {} },
    step: <T>(_: string, work: () => Promise<T>) => work(),
  }
  const progress = (done: number): void => {
    seen.push(done)
    // As a signal of the process comes: between turns of the event loop, which an embedded database hardly leaves.
    if (seen.length === 3) setImmediate(() => stop.abort(new Error('told to end')))
  }
  const input = kind.input.parse({ days: 7 })
  await expect(kind.run(input, { ...context, signal: stop.signal, progress })).rejects.toThrow('told to end')
  const left = (await over.tiers())[1]?.entries ?? 0
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(2_500)
  await kind.run(input, { ...context, signal: new AbortController().signal, progress: () => {} })
  expect((await over.tiers())[1]?.entries).toBe(0)
  await over.close()
  await database.close()
})

test('clear removes everything, for administrators', async () => {
  await fill(10)
  expect(await run('clear')).toMatchObject({ removed: 10 })
  expect(await cache.entries()).toMatchObject({ total: 0 })
  expect(kinds.find('clear').role).toBe('admin')
})

test('warm loads what can be loaded, names what could not, and fails when nothing could', async () => {
  expect(await run('warm', { names: ['quotes'] })).toEqual({ done: 2, failed: ['bad'] })
  expect(told.at(-1)).toMatchObject({ done: 3, total: 3 })
  expect(cache.open(quotes).peek({ market: 'sz', symbol: 'A' })).toEqual({ price: 1 })
  await expect(run('warm', { names: ['broken'] })).rejects.toThrow('None of 1')
  await expect(run('warm', { names: ['toString'] })).rejects.toThrow('quotes, broken')
  await expect(run('warm', {}, AbortSignal.abort(new Error('told to end')))).rejects.toThrow('told to end')
})

test('invalidate-many removes keys in steps and marks at once; nothing named is refused', async () => {
  await fill(1_200)
  const handle = cache.open(quotes)
  const keys = Array.from({ length: 1_100 }, (_, n) => handle.key({ market: 'sh', symbol: `s${n}` }))
  expect(await run('invalidate-many', { keys })).toMatchObject({ removed: 1_100, keys: 1_100 })
  expect(told.map(({ done }) => done)).toEqual([500, 1_000, 1_100])
  expect(await cache.entries()).toMatchObject({ total: 100 })
  await run('invalidate-many', { spaces: ['stock_quote'] })
  expect(await cache.entries()).toMatchObject({ total: 0 })
  await expect(run('invalidate-many')).rejects.toThrow('Name keys')
  await expect(run('invalidate-many', { keys }, AbortSignal.abort(new Error('told to end')))).rejects.toThrow(
    'told',
  )
})

test('export writes a line for each entry, whole or not at all, and cleanup removes it when it is old', async () => {
  await fill(450)
  await cache.open(headlines).set({}, ['one'])
  expect(await run('export')).toMatchObject({ file: 'task-1.jsonl', entries: 451, spaces: 2 })
  const folder = join(dataDir, 'exports')
  const path = join(folder, 'task-1.jsonl')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const first = lines.map((line) => JSON.parse(line) as { key: string; params: object; value: object })
  expect(first).toHaveLength(451)
  expect(first.find(({ key }) => key === 'test:quote:sh:s7')).toMatchObject({
    space: 'stock_quote',
    params: { market: 'sh', symbol: 's7' },
    value: { price: 7 },
  })
  await expect(run('export', { spaces: ['nothing'] })).rejects.toMatchObject({ code: 'E_SPACE_UNKNOWN' })
  await expect(run('export', {}, AbortSignal.abort(new Error('told to end')))).rejects.toThrow('told to end')
  expect(readdirSync(folder)).toEqual(['task-1.jsonl'])
  utimesSync(path, new Date(now - 8 * day), new Date(now - 8 * day))
  expect(await run('cleanup', { type: 'tooling' })).toMatchObject({ files: { removed: 1 } })
  expect(readdirSync(folder)).toEqual([])
})

test('trim tells the steps of the maintenance of results', async () => {
  expect(await run('trim')).toEqual([{ step: 'expire', rows: 3, milliseconds: 1, failures: [] }])
  expect(told).toEqual([{ done: 1, total: 4, message: 'expire: 3 rows' }])
})
