import { type BatchContext, RepriseError } from '@reprise/cache'
import { callTags } from '../call-tags.ts'
import { AiError } from '../errors.ts'
import { modelCallKey } from '../key/call-key.ts'
import type { ModelCallRequest } from '../key/request.ts'
import { noTokens } from '../ledger/usage.ts'
import { embeddingSpace } from '../spaces.ts'
import { type CallOptions, readCallOptions } from './call-options.ts'
import { whose } from './request.ts'
import { type MiddlewareOptions, type MiddlewareSettings, readSettings } from './settings.ts'

/** The options of a call that embeds. */
interface EmbedParams {
  readonly values: readonly string[]
  readonly abortSignal?: AbortSignal | undefined
  readonly providerOptions?: ModelCallRequest['providerOptions']
}

/** What an embedding model gives, as V3 and V4 have it in common. */
interface EmbedResult {
  readonly embeddings: readonly (readonly number[])[]
  readonly usage?: { readonly tokens: number } | undefined
  readonly providerMetadata?: Readonly<Record<string, unknown>> | undefined
}

interface EmbedModel {
  readonly provider: string
  readonly modelId: string
  doEmbed(params: EmbedParams): PromiseLike<EmbedResult>
}

/** A middleware for `wrapEmbeddingModel` of `ai` 6 (`v3`) or `ai` 7 (`v4`). */
export interface EmbedMiddleware<Version extends 'v3' | 'v4'> {
  readonly specificationVersion: Version
  readonly wrapEmbed: <Result>(options: {
    readonly doEmbed: () => PromiseLike<Result>
    readonly params: EmbedParams
    readonly model: { readonly provider: string; readonly modelId: string; doEmbed(params: never): unknown }
  }) => Promise<Result>
}

/**
 * Keeps embeddings, each text of a batch for itself: the model is asked once for those that are missing, and reports the
 * tokens of these alone. @throws E_CALL_OPTION, E_SPACE_UNKNOWN when it is made
 */
export function cacheEmbeddings(options: MiddlewareOptions): EmbedMiddleware<'v3'> {
  return { specificationVersion: 'v3', wrapEmbed: wrapper(readSettings(options)) }
}

/** The same for models of `ai` 7. */
export function cacheEmbeddingsV4(options: MiddlewareOptions): EmbedMiddleware<'v4'> {
  return { specificationVersion: 'v4', wrapEmbed: wrapper(readSettings(options)) }
}

function wrapper(settings: MiddlewareSettings): EmbedMiddleware<'v3'>['wrapEmbed'] {
  const handle = settings.cache.open(embeddingSpace({ ttl: '1d' }))

  /** What was computed is paid; of what was not, nobody knows the tokens. */
  function enter(
    model: EmbedModel,
    plan: EmbedPlan,
    mark: { computed: number; kept: number },
    tokens: number,
  ): void {
    const { provider, modelId } = model
    const names = { space: 'embedding', tenant: plan.keys[0]?.tenant ?? '', provider, model: modelId }
    const kind = plan.regenerate ? 'refreshed' : 'spent'
    if (mark.computed > 0) {
      settings.ledger?.record({ kind, ...names, calls: mark.computed, usage: { ...noTokens, input: tokens } })
    }
    if (mark.kept > 0) settings.ledger?.record({ kind: 'avoided', ...names, calls: mark.kept })
  }

  async function embed(model: EmbedModel, params: EmbedParams): Promise<EmbedResult> {
    const plan = planEmbed(settings, model, params)
    if (plan === undefined) return model.doEmbed(params)
    const { keys, texts, tags, regenerate } = plan
    let asked: EmbedResult | undefined
    let failure: { readonly error: unknown } | undefined
    let tokens = 0
    let computed = 0

    async function load(
      missing: readonly { readonly digest: unknown }[],
      context: BatchContext<readonly number[]>,
    ) {
      try {
        const values = missing.map(({ digest }) => texts.get(String(digest)) as string)
        const made = await model.doEmbed({ ...params, values, abortSignal: context.signal })
        if (made.embeddings.length !== values.length) {
          throw new AiError(
            'E_CALL_UPSTREAM',
            `model "${model.modelId}" was given ${values.length} texts and made ${made.embeddings.length} embeddings`,
          )
        }
        asked = made
        tokens += made.usage?.tokens ?? 0
        computed += values.length
        context.meta({ model: model.modelId })
        for (const [index, item] of context.items.entries()) {
          item.tags(...tags)
          if (!isVector(made.embeddings[index])) item.skip()
        }
        return made.embeddings.map((vector) => [...vector])
      } catch (error) {
        failure = { error }
        throw error
      }
    }

    try {
      const signal = params.abortSignal
      const vectors = await handle.getOrLoadMany(keys, load, {
        forceRefresh: regenerate,
        ...(signal === undefined ? {} : { signal }),
      })
      const mark = { computed, kept: params.values.length - computed }
      enter(model, plan, mark, tokens)
      return {
        ...withoutBody(asked),
        embeddings: vectors.map((vector) => [...vector]),
        usage: { tokens },
        providerMetadata: { ...asked?.providerMetadata, reprise: mark },
      }
    } catch (error) {
      if (failure !== undefined) throw failure.error
      if (params.abortSignal?.aborted === true) throw error
      if (RepriseError.is(error, 'E_LOADER_FAILED')) throw error.cause
      if (RepriseError.is(error) && error.code.startsWith('E_LOADER_')) throw error
      return model.doEmbed(params)
    }
  }

  return async <Result>({ params, model }: { readonly params: EmbedParams; readonly model: object }) =>
    (await embed(model as EmbedModel, params)) as Result
}

interface EmbedPlan {
  readonly keys: readonly { readonly tenant: string; readonly model: string; readonly digest: string }[]
  readonly texts: ReadonlyMap<string, string>
  readonly tags: readonly string[]
  readonly regenerate: boolean
}

/** How a batch goes through the cache, or undefined when it goes past it. */
function planEmbed(
  settings: MiddlewareSettings,
  model: EmbedModel,
  params: EmbedParams,
): EmbedPlan | undefined {
  try {
    const options: CallOptions = readCallOptions(params)
    if (options.cache === false) return undefined
    const request: ModelCallRequest = {
      ...whose(settings, options, params),
      operation: 'embed',
      provider: model.provider,
      model: model.modelId,
      providerOptions: params.providerOptions,
    }
    const texts = new Map<string, string>()
    const keys = params.values.map((input) => {
      const { tenant, digest } = modelCallKey({ ...request, input }, settings.key)
      texts.set(digest, input)
      return { tenant, model: model.modelId, digest }
    })
    return {
      keys,
      texts,
      tags: callTags(request, options.documents),
      regenerate: options.regenerate === true,
    }
  } catch (error) {
    const reason = AiError.is(error, 'E_CALL_OPTION') ? 'option' : 'error'
    settings.note({ model: model.modelId, what: 'bypassed', reason, error })
    return undefined
  }
}

function isVector(vector: readonly number[] | undefined): boolean {
  return vector !== undefined && vector.length > 0 && vector.every((item) => Number.isFinite(item))
}

/** What else a model said; of an embedding that was kept there is nothing but itself. */
function withoutBody(asked: EmbedResult | undefined): { readonly warnings: readonly unknown[] } {
  const { embeddings: _embeddings, usage: _usage, ...rest } = asked ?? { embeddings: [] }
  return { warnings: [], ...rest }
}
