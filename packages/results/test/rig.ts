import { type Cache, createCache, defineCatalog, endOfDay } from '@reprise/cache'
import { type FakeClock, createFakeClock } from '@reprise/cache/testing'
import { type Database, openDatabase } from '@reprise/database'
import { type Results, type ResultsOptions, latestResult, openResults } from '@reprise/results'
import { afterAll, afterEach } from 'vitest'

/** The types of row D3, and one that keeps few. */
export const types = {
  app2_finance: { expires: endOfDay('Asia/Shanghai') },
  app3_clue: { expires: '7d' },
  app4_analysis: { expires: '7d' },
  app5_tactics: { expires: '7d' },
  app6_note_analysis: { expires: '30d' },
  app7_customer_analysis: { expires: '7d' },
  app8_clue_consolidated: { expires: '7d' },
  app1_chat: {},
  few: { keep: 3, keepFor: '10d' },
} as const

export type Types = typeof types

export const start = Date.UTC(2026, 0, 1)

/** Results on a clock that moves when told, with what they were opened on. */
export interface Rig {
  readonly results: Results<Types>
  readonly database: Database
  readonly clock: FakeClock
  /** A site that no other test uses. */
  readonly site: string
  readonly warnings: string[]
  /** Results of another process on the same database, before the same cache unless told. */
  readonly other: (
    options?: Partial<ResultsOptions<Types>> & { readonly cached?: boolean },
  ) => Promise<Results<Types>>
}

/** One embedded database for a file; each test has a site of its own in it. */
export const embedded = await openDatabase()
let sites = 0
const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})
afterAll(async () => {
  await embedded.close()
})

/** A site name of its own. */
export const newSite = (): string => `site-${(sites += 1)}`

/** Opens results; `cached` puts a memory cache before them, `shift` is added to the clock, which by itself cannot go back. */
export async function rig(
  options: Partial<ResultsOptions<Types>> & { readonly cached?: boolean; readonly shift?: () => number } = {},
): Promise<Rig & { readonly cache: Cache | undefined }> {
  const { cached = false, shift = () => 0, ...rest } = options
  const database = rest.database ?? embedded
  const clock = createFakeClock(start)
  const ticking = { now: () => clock.now() + shift(), setTimeout: clock.setTimeout }
  const warnings: string[] = []
  const onWarning = (message: string, cause: unknown): void =>
    void warnings.push(`${message}: ${String(cause)}`)
  const cache = cached
    ? await createCache({
        catalog: defineCatalog({ prefix: 'test', spaces: [latestResult] }),
        clock: ticking,
        sweepEvery: 0,
      })
    : undefined
  if (cache !== undefined) closers.push(() => cache.close())
  const open: Rig['other'] = async ({ cached: here = true, ...more } = {}) => {
    const base = { database, types, clock: ticking, onWarning, holder: 'here' }
    const before = here && cache !== undefined ? { cache } : {}
    const results = await openResults<Types>({ ...base, ...before, ...rest, ...more })
    closers.push(() => results.close({ timeout: 0 }))
    return results
  }
  return { results: await open(), database, clock, site: newSite(), warnings, other: open, cache }
}

/** What a promise rejects with; undefined when it does not. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
