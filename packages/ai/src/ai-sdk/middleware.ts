import { modelCallSpace } from '../spaces.ts'
import { shareCall } from '../shared-call.ts'
import type { CallParams, GenerateResult, Model, Part, StreamResult } from './model.ts'
import { asParts, asResult } from './parts.ts'
import { planCall } from './plan.ts'
import { copied, recordStream, withoutTransport } from './record.ts'
import { paced } from './replay.ts'
import { type MiddlewareOptions, type MiddlewareSettings, readSettings } from './settings.ts'
import { tell } from './tell.ts'

/** What a middleware is told of a model; both versions of the interface fit. */
interface AnyModel {
  readonly provider: string
  readonly modelId: string
  doGenerate(params: never): unknown
  doStream(params: never): unknown
}

/** One call on its way to the model. `doGenerate` and `doStream` say what is expected; the model is called itself, with a signal of its own. */
interface Wrapped<Generated, Streamed> {
  readonly params: CallParams
  readonly model: AnyModel
  readonly doGenerate: () => PromiseLike<Generated>
  readonly doStream: () => PromiseLike<Streamed>
}

/** A middleware for `wrapLanguageModel` of `ai` 6 (`v3`) or `ai` 7 (`v4`). */
export interface CallMiddleware<Version extends 'v3' | 'v4'> {
  readonly specificationVersion: Version
  readonly wrapGenerate: <Generated, Streamed>(options: Wrapped<Generated, Streamed>) => Promise<Generated>
  readonly wrapStream: <Generated, Streamed>(options: Wrapped<Generated, Streamed>) => Promise<Streamed>
}

/**
 * Keeps the answers of language models: one call for all who ask the same at once, streams shared and replayed, only
 * complete answers kept, nothing shared between tenants. A call never fails because of the cache.
 * Calls of both kinds answer each other. @throws E_CALL_OPTION, E_SPACE_UNKNOWN when it is made
 */
export function cacheModelCalls(options: MiddlewareOptions): CallMiddleware<'v3'> {
  return { specificationVersion: 'v3', ...wrappers(readSettings(options)) }
}

/** The same for models of `ai` 7. */
export function cacheModelCallsV4(options: MiddlewareOptions): CallMiddleware<'v4'> {
  return { specificationVersion: 'v4', ...wrappers(readSettings(options)) }
}

function wrappers(settings: MiddlewareSettings): Omit<CallMiddleware<'v3'>, 'specificationVersion'> {
  const { cache, clock, pace } = settings
  cache.open(modelCallSpace({ ttl: '1d' }))

  async function generate(model: Model, params: CallParams): Promise<GenerateResult> {
    let made: GenerateResult | undefined
    const plan = planCall(settings, { params, model, streams: false }, async (_, signal) => {
      made = await model.doGenerate({ ...params, abortSignal: signal })
      return { from: 'generate', body: withoutTransport(made) }
    })
    if (plan === undefined) return model.doGenerate(params)
    const { call, leader } = shareCall(cache, plan)
    const answer = await call.recording.wait(params.abortSignal)
    const result =
      leader && made !== undefined && call.storedAt === undefined && !call.elsewhere
        ? { ...made, content: copied(made.content) }
        : copied(asResult(answer))
    return tell(result, { call, leader, plan, model }, settings)
  }

  async function stream(model: Model, params: CallParams): Promise<StreamResult> {
    let head: Partial<StreamResult> = {}
    const plan = planCall(settings, { params, model, streams: true }, async (push, signal) => {
      const { stream: parts, ...rest } = await model.doStream({ ...params, abortSignal: signal })
      head = rest
      return recordStream(parts, push, signal)
    })
    if (plan === undefined) return model.doStream(params)
    const { call, leader } = shareCall(cache, plan)
    const followed = await call.recording.follow(asParts, params.abortSignal)
    const { storedAt } = call
    const parts = pace > 0 && storedAt !== undefined ? followed.pipeThrough(paced(clock, pace)) : followed
    const out = new TransformStream<Part, Part>({
      transform(part, controller) {
        const own = part.type === 'error' ? part : copied(part)
        controller.enqueue(part.type === 'finish' ? tell(own, { call, leader, plan, model }, settings) : own)
      },
    })
    return { ...(leader ? head : {}), stream: parts.pipeThrough(out) }
  }

  return {
    wrapGenerate: async <Generated>({ params, model }: Wrapped<Generated, unknown>) =>
      (await generate(model as unknown as Model, params)) as Generated,
    wrapStream: async <Streamed>({ params, model }: Wrapped<unknown, Streamed>) =>
      (await stream(model as unknown as Model, params)) as Streamed,
  }
}
