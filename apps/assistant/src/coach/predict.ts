import { createHash } from 'node:crypto'
import { type BatchContext, type Cache, type Provenance, race } from '@reprise/cache'
import type { FastifyBaseLogger } from 'fastify'
import type { Analyser, Conversation, MergeStep, PredictRequest } from './merge-step.ts'
import { checkMergeStep } from './merge-step.ts'
import { sayExtraction } from './extraction-log.ts'
import { parseScreenshot } from './parse.ts'
import { screenshotAnalysisSpace } from './space.ts'
import { type Analysed, type CoachTimelines, appendAnalyses } from './timeline.ts'

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
  /** Where what is kept is written down, in the order in which it was (row E3). @default nowhere */
  readonly timelines?: Pick<CoachTimelines, 'forSite'>
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
  const { cache, multimodal, premium, premiumTimeout, logger, timelines } = options
  const handle = cache.open(screenshotAnalysisSpace)

  async function writeDown(
    request: PredictRequest,
    analysed: readonly Analysed[],
    meta: Provenance,
  ): Promise<void> {
    if (timelines === undefined || analysed.length === 0) return
    try {
      await appendAnalyses(timelines, request, { analysed, meta })
    } catch (err) {
      // An answer that was paid for is not lost for its note.
      logger.warn({ err, session: request.session_id }, 'analyses are not in the timeline of their session')
    }
  }

  return {
    async predict(request, signal) {
      const { user_id, session_id, scene, force_regenerate: forceRefresh } = request
      const participants = request.participants ?? { user: 'user', target: 'talker' }
      const conversations = request.screenshots.map((screenshot) => ({ screenshot, participants }))
      const params = conversations.map((one) => ({ user_id, session_id, scene, shot: shotOf(one) }))
      const byShot = new Map(params.map(({ shot }, index) => [shot, conversations[index] as Conversation]))
      const loaded = new Map<string, Provenance>()

      let say = (): void => {}
      const answered = new Promise<void>((resolve) => (say = resolve))

      const ask = async (
        missing: readonly { readonly shot: unknown }[],
        context: BatchContext<MergeStep>,
      ) => {
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
          upgrade: (work, how) =>
            context.upgrade(async (better) => {
              const offer = async (all: readonly MergeStep[], meta: Provenance): Promise<void> => {
                if ((await better.offer(all, meta)) !== 'kept') return
                // The latest of a timeline is the newest: the first answer goes before what is better.
                await answered
                await writeDown(request, named(asked, all), meta)
              }
              await work({ signal: better.signal, offer })
            }, how),
        })
      }

      try {
        const analyses = await handle.getOrLoadMany(params, ask, { signal, forceRefresh })
        const predictions = await Promise.all(
          analyses.map(async (analysis, index): Promise<Prediction> => {
            const one = params[index] as (typeof params)[number]
            const resource = request.screenshots[index]?.resource ?? ''
            const meta = loaded.get(one.shot)
            if (meta !== undefined) return { resource, analysis, meta, cached: false }
            // A better one may have come since: an analysis and its provenance are of one entry.
            const found = await handle.find(one)
            return { resource, analysis: found?.value ?? analysis, meta: found?.meta ?? {}, cached: true }
          }),
        )
        const kept = predictions.filter(({ cached, analysis }, index) => {
          const there = handle.peek(params[index] as (typeof params)[number])
          return !cached && (there === undefined || there === analysis)
        })
        await writeDown(request, kept, kept[0]?.meta ?? {})
        for (const prediction of predictions) sayPrediction(logger, session_id, prediction)
        return predictions
      } finally {
        say()
      }
    },
  }
}

function sayPrediction(
  logger: FastifyBaseLogger,
  session: string,
  { analysis, meta, cached }: Prediction,
): void {
  const { strategy = 'unknown', model = 'unknown' } = meta
  const tag = `${cached ? 'CACHED|' : ''}${strategy}|${model}`
  const count = analysis.screenshot_parse.bubbles.length
  logger.info({ session, ...meta }, `[${session}] merge_step [${tag}] Conversation: ${count} messages`)
}

/** Analyses with the names of the screenshots that they are of. */
function named(conversations: readonly Conversation[], analyses: readonly MergeStep[]): readonly Analysed[] {
  return conversations.map(({ screenshot: { resource } }, index) => ({
    resource,
    analysis: analyses[index] as MergeStep,
  }))
}

async function analyse(analyser: Analyser, one: Conversation, signal: AbortSignal): Promise<MergeStep> {
  return { screenshot_parse: parseScreenshot(one), ...(await analyser.analyse(one, signal)) }
}

/** A name of a screenshot with all that an analysis depends on: another content under the same name is another entry. */
function shotOf(conversation: Conversation): string {
  return createHash('sha256').update(JSON.stringify(conversation)).digest('hex').slice(0, 32)
}
