// What was found out about a session's screenshots, in the order in which it was kept (row E3).
import { createHash } from 'node:crypto'
import type { Provenance } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { type NewEvent, type SiteTimelines, type Timelines, openTimelines } from '@reprise/results'
import type { FastifyBaseLogger } from 'fastify'
import { Redis } from 'ioredis'
import type { MergeStep, PredictRequest } from './merge-step.ts'

/** Timelines as the coach opens them: on its database, with Redis in front where there is one. */
export interface CoachTimelines extends Timelines {
  /** Stops sweeping and closes the connection to Redis; the database stays open. */
  close(): Promise<void>
}

/** Opens the timelines of an assistant. @throws what the database's migrations throw */
export async function openCoachTimelines(options: {
  readonly database: Database
  readonly redisUrl: string | undefined
  readonly logger: FastifyBaseLogger
}): Promise<CoachTimelines> {
  const { database, redisUrl, logger } = options
  const onError = (err: Error): void => logger.warn({ err }, 'timelines')
  // Without an offline queue or retries: what Redis does not do in time the database does.
  const client =
    redisUrl === undefined
      ? undefined
      : new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 0 })
  client?.on('error', (err: Error) => logger.debug({ err }, 'redis of the timelines'))
  try {
    const timelines = await openTimelines({
      database,
      onError,
      ...(client === undefined ? {} : { redis: { client, prefix: 'intent_system' } }),
    })
    return {
      ...timelines,
      async close() {
        await timelines.close()
        client?.disconnect()
      },
    }
  } catch (error) {
    client?.disconnect()
    throw error
  }
}

/** An analysis of one screenshot. */
export interface Analysed {
  readonly resource: string
  readonly analysis: MergeStep
}

/** Names of the categories that an analysis is kept under (document 004). */
export const coachCategories = ['screenshot_parse', 'context_analysis', 'scene_analysis'] as const

/** Names in timelines have at most 200 bytes: longer ones go by their digest, and so does what could stand for one. */
function nameOf(text: string): string {
  if (Buffer.byteLength(text) <= 200 && !text.startsWith('sha256-')) return text
  return `sha256-${createHash('sha256').update(text).digest('base64url')}`
}

/** The session of a request; sessions of two users are two, whatever they are called. */
export function sessionOf(
  timelines: Pick<Timelines, 'forSite'>,
  { user_id, session_id, scene }: Pick<PredictRequest, 'user_id' | 'session_id' | 'scene'>,
): { readonly site: SiteTimelines; readonly name: { readonly sessionId: string; readonly scene: string } } {
  return {
    site: timelines.forSite(nameOf(user_id)),
    name: { sessionId: nameOf(session_id), scene: String(scene) },
  }
}

/** Appends analyses of a session, every screenshot in every category or none of it. @throws what the database throws */
export async function appendAnalyses(
  timelines: Pick<Timelines, 'forSite'>,
  request: PredictRequest,
  { analysed, meta }: { readonly analysed: readonly Analysed[]; readonly meta: Provenance },
): Promise<void> {
  const { model = 'unknown', strategy = 'unknown' } = meta
  const events = analysed.flatMap(({ resource, analysis }): NewEvent[] => {
    const payloads = [analysis.screenshot_parse, analysis.conversation_analysis, analysis.scenario_decision]
    return coachCategories.map((category, index) => ({
      category,
      resource,
      payload: payloads[index],
      model,
      strategy,
    }))
  })
  const { site, name } = sessionOf(timelines, request)
  await site.appendEvents(name, events)
}
