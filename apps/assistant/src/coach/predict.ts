import { createHash } from 'node:crypto'
import { type Cache, type Provenance, race } from '@reprise/cache'
import type { FastifyBaseLogger } from 'fastify'
import type { Analyser, Conversation, MergeStep, PredictRequest } from './merge-step.ts'
import { checkMergeStep } from './merge-step.ts'
import { sayExtraction } from './extraction-log.ts'
import { parseScreenshot } from './parse.ts'
import { screenshotAnalysisSpace } from './space.ts'

/** What a coach is made with. */
export interface CoachOptions {
  readonly cache: Cache
  /** Answers at once. */
  readonly multimodal: Analyser
  /** Takes longer and knows more. */
  readonly premium: Analyser
  /** How long a premium analysis may go on when the fast one has been answered, in milliseconds (row E6). */
  readonly premiumTimeout: number
  readonly logger: FastifyBaseLogger
}

/** One analysis, and where it came from. */
export interface Prediction {
  readonly resource: string
  readonly analysis: MergeStep
  readonly meta: Provenance
  readonly cached: boolean
}

/** Analyses screenshots. */
export interface Coach {
  /** The analyses of a request's screenshots in their order: kept ones, else the first valid ones of the race. */
  predict(request: PredictRequest, signal: AbortSignal): Promise<readonly Prediction[]>
}

/**
 * Makes the coach. The analyses of one request are raced and kept together: a premium one takes the place of all of
 * them, in every session entry, or of none (document 004, defects 3, 5 and 6).
 */
export function createCoach(options: CoachOptions): Coach {
  const { cache, multimodal, premium, premiumTimeout, logger } = options
  const handle = cache.open(screenshotAnalysisSpace)

  return {
    async predict(request, signal) {
      const { user_id, session_id, scene, force_regenerate: forceRefresh } = request
      const participants = request.participants ?? { user: 'user', target: 'talker' }
      const conversations = request.screenshots.map((screenshot) => ({ screenshot, participants }))
      const params = conversations.map((one) => ({ user_id, session_id, scene, shot: shotOf(one) }))
      const byShot = new Map(params.map(({ shot }, index) => [shot, conversations[index] as Conversation]))
      const loaded = new Map<string, Provenance>()

      const analyses = await handle.getOrLoadMany(
        params,
        async (missing, context) => {
          const asked = missing.map(({ shot }) => byShot.get(String(shot)) as Conversation)
          const strategy =
            (name: string, analyser: Analyser) =>
            async (running: { signal: AbortSignal; meta: (meta: Provenance) => void }) => {
              running.meta({ model: analyser.model })
              const all = await Promise.all(asked.map((one) => analyse(analyser, one, running.signal)))
              for (const one of all)
                sayExtraction(logger, { session: session_id, strategy: name, model: analyser.model, one })
              return all
            }
          return race<readonly MergeStep[], 'multimodal' | 'premium'>(
            { multimodal: strategy('multimodal', multimodal), premium: strategy('premium', premium) },
            {
              name: `premium_cache_${session_id.slice(0, 8)}`,
              timeout: premiumTimeout,
              validate: (all) => all.every(checkMergeStep),
            },
          )({
            ...context,
            meta(meta) {
              context.meta(meta)
              for (const { shot } of missing) loaded.set(String(shot), meta)
            },
          })
        },
        { signal, forceRefresh },
      )

      const predictions = await Promise.all(
        analyses.map(async (analysis, index): Promise<Prediction> => {
          const one = params[index] as (typeof params)[number]
          const fresh = loaded.get(one.shot)
          const meta = fresh ?? (await handle.find(one))?.meta ?? {}
          const resource = request.screenshots[index]?.resource ?? ''
          return { resource, analysis, meta, cached: fresh === undefined }
        }),
      )
      for (const { analysis, meta, cached } of predictions) {
        const { strategy = 'unknown', model = 'unknown' } = meta
        const tag = `${cached ? 'CACHED|' : ''}${strategy}|${model}`
        const count = analysis.screenshot_parse.bubbles.length
        logger.info(
          { session: session_id, ...meta },
          `[${session_id}] merge_step [${tag}] Conversation: ${count} messages`,
        )
      }
      return predictions
    },
  }
}

async function analyse(analyser: Analyser, one: Conversation, signal: AbortSignal): Promise<MergeStep> {
  return { screenshot_parse: parseScreenshot(one), ...(await analyser.analyse(one, signal)) }
}

/** A name of a screenshot with all that an analysis depends on: another content under the same name is another entry. */
function shotOf(conversation: Conversation): string {
  return createHash('sha256').update(JSON.stringify(conversation)).digest('hex').slice(0, 32)
}
