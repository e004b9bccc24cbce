import { type Cache, createCache } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { type Database, openDatabase } from '@reprise/database'
import { intentCatalog } from '../src/catalog/catalog.ts'
import { createLookups } from '../src/dialogue/lookups.ts'
import type { Retriever } from '../src/dialogue/retrieve.ts'
import { type Dialogue, type TurnReply, createDialogue } from '../src/dialogue/turn.ts'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import type { Knowledge, Recogniser } from '../src/recognise/recogniser.ts'
import { loadSeed } from '../src/seed/load.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'
import { type Travel, createTravel } from './travel.ts'

/** A Saturday morning in Shanghai. */
export const saturday = { now: new Date('2026-11-21T02:00:00Z'), timezone: 'Asia/Shanghai' }

/** A seeded PGlite in memory with a real cache over it. */
export interface Bench {
  readonly cache: Cache
  readonly database: Database
  readonly dialogue: Dialogue
  readonly knowledge: Knowledge
  /** Says something; the time is `saturday` unless told otherwise by `at`. */
  say(input: string, options?: SayOptions): Promise<TurnReply>
  /** What carries tasks out, for every process of the bench. */
  readonly travel: Travel
  /** What could not be kept in the cache. */
  readonly errors: unknown[]
  /** Another process on the same database: a cache and a dialogue of its own. */
  another(): Promise<{ readonly cache: Cache; readonly dialogue: Dialogue }>
  close(): Promise<void>
}

export interface SayOptions {
  readonly session?: string
  readonly user?: string
  readonly context?: Record<string, unknown>
}

/** Opens a bench; `clock.now` is read for every turn. */
export async function openBench(
  options: { recogniser?: Recogniser; retriever?: Retriever; clock?: { now: Date }; url?: string } = {},
): Promise<Bench> {
  const { recogniser = createEmbeddedRecogniser(), clock = { now: saturday.now } } = options
  const database = await openDatabase(options.url === undefined ? {} : { url: options.url })
  await migrateAssistant(database)
  await loadSeed(database)
  const errors: unknown[] = []
  const travel = createTravel()
  const now = (): Date => clock.now
  const onError = (error: unknown): void => void errors.push(error)
  const open: Cache[] = []

  async function start(): Promise<{ cache: Cache; dialogue: Dialogue }> {
    const cache = await createCache({
      catalog: intentCatalog,
      tiers: [sqlTier({ database })],
      log: sqlLog({ database, catalog: intentCatalog.prefix }),
    })
    open.push(cache)
    return {
      cache,
      dialogue: createDialogue({
        cache,
        database,
        recogniser,
        executor: travel,
        retriever: options.retriever,
        now,
        onError,
      }),
    }
  }

  const { cache, dialogue } = await start()
  return {
    cache,
    database,
    dialogue,
    knowledge: await createLookups(cache, database, now).knowledge(),
    travel,
    errors,
    another: start,
    say: (input, { session, user = 'u1', context } = {}) =>
      dialogue.turn({ userId: user, input, sessionId: session, context }),
    async close() {
      for (const one of open) await one.close()
      await database.close()
    },
  }
}
