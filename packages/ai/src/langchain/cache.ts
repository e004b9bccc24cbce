import type { BaseCache } from '@langchain/core/caches'
import type { Generation } from '@langchain/core/outputs'
import { type Cache, type SpaceHandle, systemClock } from '@reprise/cache'
import { type Admission, refusalOf } from '../admission.ts'
import { callTags } from '../call-tags.ts'
import { AiError, quote } from '../errors.ts'
import { framedDigest } from '../key/digest.ts'
import type { PromptName } from '../key/request.ts'
import { restored, storable } from '../stored-value.ts'
import {
  type StoredGeneration,
  factsOfGeneration,
  reviveGenerations,
  storeGenerations,
} from './generations.ts'
import { type LangChainSpace, langchainSpace } from './space.ts'

/** What the cache of LangChain.js takes. */
export interface LangChainCacheOptions {
  /** Its catalog has `langchainSpace`. */
  readonly cache: Cache
  /** Whose calls these are: answers are never shared between tenants. */
  readonly tenant: string | (() => string | undefined)
  /** The prompt that the messages are made from, for `invalidateCalls`; part of the key. */
  readonly prompt?: PromptName
  /** Which answers are kept. @default complete ones only */
  readonly admission?: Admission
  /** Hears of calls that go past the cache, and why. */
  readonly onNote?: (note: { readonly reason: 'hidden-content' | 'tenant' | 'error' | 'refused' }) => void
}

/** What LangChain writes into a prompt in the place of content that it does not show its cache. */
const hidden =
  /\[(?:image|audio|video|file|text-plain file|image_url|input_audio|document|media)\]|\[[a-z]+[_-][a-z_-]+\]/

/**
 * A `BaseCache` of LangChain.js: `new ChatOpenAI({ cache: langchainCache({ cache, tenant }) })`. Messages come back as what they
 * were, with tool calls, metadata and finish reasons, and without usage; answers that were cut or filtered are not kept.
 * A call never fails because of it. LangChain shows its cache a text in which every image is `[image]`; calls with such
 * content go past it, since two images would share an answer. @throws E_CALL_OPTION, E_SPACE_UNKNOWN when it is made
 */
export function langchainCache(options: LangChainCacheOptions): BaseCache {
  const { tenant, prompt, admission, onNote } = options
  if (typeof tenant !== 'function' && (typeof tenant !== 'string' || tenant === '')) {
    throw new AiError(
      'E_CALL_OPTION',
      `tenant is ${quote(tenant)}; name it, or give a function that tells it`,
    )
  }
  const handle: SpaceHandle<LangChainSpace> = options.cache.open(langchainSpace({ ttl: '1d' }))
  let encode = (text: string, llm: string): string =>
    framedDigest([
      ['rules', 'reprise langchain 1'],
      ['prompt', text],
      ['llm', llm],
      ['id', prompt?.id ?? ''],
      ['version', prompt?.version ?? ''],
    ])

  function note(reason: Parameters<NonNullable<typeof onNote>>[0]['reason']): undefined {
    try {
      onNote?.({ reason })
    } catch {
      // A listener must not break the call that it hears of.
    }
    return undefined
  }

  function paramsOf(text: string, llm: string): { tenant: string; digest: string } | undefined {
    if (hidden.test(text)) return note('hidden-content')
    const whose = typeof tenant === 'function' ? tenant() : tenant
    if (whose === undefined || whose === '') return note('tenant')
    return { tenant: whose, digest: encode(text, llm) }
  }

  const made = {
    async lookup(text: string, llm: string): Promise<Generation[] | null> {
      try {
        const params = paramsOf(text, llm)
        const found = params === undefined ? undefined : await handle.get(params)
        if (found === undefined) return null
        return await reviveGenerations(restored(found.body) as readonly StoredGeneration[])
      } catch {
        note('error')
        return null
      }
    },

    async update(text: string, llm: string, generations: Generation[]): Promise<void> {
      try {
        const params = paramsOf(text, llm)
        if (params === undefined) return
        const demands = { tools: new Map<string, object>() }
        if (generations.some((one) => refusalOf(factsOfGeneration(one), demands, admission) !== undefined)) {
          note('refused')
          return
        }
        const body = storable(storeGenerations(generations))
        const model = modelOf(llm)
        const request = { ...params, operation: 'chat', provider: 'langchain', model, prompt }
        await handle.set(
          params,
          { at: systemClock.now(), from: 'generate', body },
          { tags: callTags(request), meta: { model } },
        )
      } catch {
        note('error')
      }
    },

    /** Takes the prompt and what names the model and its settings; what it returns must differ where these do. */
    makeDefaultKeyEncoder(encoder: (text: string, llm: string) => string): void {
      encode = (text, llm) => framedDigest([['own', encoder(text, llm)]])
    },
  }
  // Nothing of LangChain's own class but these three is ever called, and extending it would import it.
  return made as unknown as BaseCache
}

/** The model that LangChain names in its key, for the tag of the model. */
function modelOf(llm: string): string {
  return /(?:^|,)(?:model|model_name|modelName|model_id):"([^"]+)"/.exec(llm)?.[1] ?? 'unknown'
}
