/* oxlint-disable no-underscore-dangle -- methods of LangChain's models begin so */
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGeneration, ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import type { CallPlan } from '../call-plan.ts'
import type { CallOptions } from '../ai-sdk/call-options.ts'
import type { Part } from '../ai-sdk/model.ts'
import { asParts, asResult, gathered } from '../ai-sdk/parts.ts'
import { planCall } from '../ai-sdk/plan.ts'
import { copied } from '../ai-sdk/record.ts'
import { type MiddlewareOptions, type MiddlewareSettings, readSettings } from '../ai-sdk/settings.ts'
import { tell } from '../ai-sdk/tell.ts'
import { AiError, quote } from '../errors.ts'
import { shareCall } from '../shared-call.ts'
import { modelCallSpace } from '../spaces.ts'
import { generationOf, isSayable, resultOf } from './chat-answer.ts'
import { type ReadModel, paramsOf } from './chat-call.ts'
import { chunksOf, recordChunks } from './chat-chunks.ts'

/** What calls of a chat model of LangChain.js are told. */
export interface SharedChatOptions extends Omit<MiddlewareOptions, 'tenant' | 'scope' | 'replay'> {
  /** Whose calls these are: a name, or how to tell it. */
  readonly tenant: string | (() => string | undefined)
  /** Narrower than the tenant. @default shared by the tenant */
  readonly scope?: string | (() => string | undefined)
  /** The provider as the AI SDK names it, such as `openai.chat`: calls of both to it are one. */
  readonly provider: string
  /** The model as resolved. @default what the model says that it is */
  readonly model?: string
  /** The prompt that the messages are made from, and what else a call of the AI SDK may tell. */
  readonly call?: Pick<CallOptions, 'prompt' | 'documents' | 'regenerate'>
}

type Options = Readonly<Record<string, unknown>> & { readonly signal?: AbortSignal | undefined }

/** A chat model of LangChain.js, as far as its calls go through the cache. */
interface ChatModel extends ReadModel {
  _generate(
    messages: BaseMessage[],
    options: Options,
    manager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult>
  _streamResponseChunks(
    messages: BaseMessage[],
    options: Options,
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk>
  bindTools?(...given: unknown[]): unknown
  withConfig?(...given: unknown[]): unknown
}

/**
 * Puts the cache of model calls into a chat model of LangChain.js, and gives it back: `shareChatModel(new ChatOpenAI(…),
 * { cache, tenant, provider: 'openai.chat' })`. Its calls are those of the AI SDK's middleware: one call for all who ask
 * the same at once in whichever of the two, streams shared, images told apart, complete answers kept. What `bindTools` and
 * `withConfig` make of it goes the same way. A call never fails because of the cache. @throws E_CALL_OPTION, E_SPACE_UNKNOWN
 */
export function shareChatModel<Model extends object>(model: Model, options: SharedChatOptions): Model {
  if (typeof options.provider !== 'string' || options.provider === '')
    throw new AiError(
      'E_CALL_OPTION',
      `provider is ${quote(options.provider)}; name it as the AI SDK does, such as "openai.chat"`,
    )
  const settings = readSettings(options)
  settings.cache.open(modelCallSpace({ ttl: '1d' }))
  return withCache(model as unknown as ChatModel, settings, options) as unknown as Model
}

function withCache(model: ChatModel, settings: MiddlewareSettings, options: SharedChatOptions): ChatModel {
  const { provider, call: reprise = {} } = options
  const generate = model._generate.bind(model)
  const stream = model._streamResponseChunks.bind(model)
  const streams = model._streamResponseChunks !== basicStream(model)

  function callOf(messages: BaseMessage[], given: Options, manner: 'whole' | 'streamed') {
    const params = paramsOf(model, messages, { options: given, provider })
    const named = { provider, modelId: options.model ?? modelOf(model, given) }
    return {
      params: { ...params, providerOptions: { ...params.providerOptions, reprise } },
      model: { ...named, doGenerate: never, doStream: never },
      streams: manner === 'streamed',
    }
  }

  /** How a call goes through the cache; `sayable` tells whether its answer can be kept for others. */
  function planOf(call: ReturnType<typeof callOf>, sayable: () => boolean, make: CallPlan<Part>['call']) {
    const plan = planCall(settings, call, make)
    return plan === undefined
      ? undefined
      : { ...plan, admits: (made: Parameters<typeof plan.admits>[0]) => sayable() && plan.admits(made) }
  }

  async function generateShared(
    messages: BaseMessage[],
    given: Options,
    manager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    let made: ChatResult | undefined
    const call = callOf(messages, given, 'whole')
    const one = (): ChatGeneration | undefined =>
      made?.generations.length === 1 ? made.generations[0] : undefined
    const plan = planOf(
      call,
      () => {
        const only = one()
        return only !== undefined && isSayable(only.message)
      },
      async (_, signal) => {
        made = await generate(messages, { ...given, signal }, manager)
        const [first] = made.generations
        if (first === undefined)
          throw new AiError('E_CALL_UPSTREAM', `model "${call.model.modelId}" made no generation`)
        return { from: 'generate', body: resultOf(first) }
      },
    )
    if (plan === undefined) return generate(messages, given, manager)
    const { call: shared, leader } = shareCall(settings.cache, plan)
    const answer = await shared.recording.wait(given.signal)
    if (leader && made !== undefined && shared.storedAt === undefined && !shared.elsewhere) return made
    const told = { call: shared, leader, plan, model: call.model }
    const generation = await generationOf(tell(copied(asResult(answer)), told, settings))
    await manager?.handleLLMNewToken(generation.text)
    return { generations: [generation], llmOutput: {} }
  }

  async function* streamShared(
    messages: BaseMessage[],
    given: Options,
    manager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    let sayable = true
    const call = callOf(messages, given, 'streamed')
    const plan = planOf(
      call,
      () => sayable,
      async (push, signal) => {
        const recorded = await recordChunks(stream(messages, { ...given, signal }), push)
        sayable = recorded.sayable
        return gathered(recorded.parts)
      },
    )
    if (plan === undefined) {
      yield* stream(messages, given, manager)
      return
    }
    const { call: shared, leader } = shareCall(settings.cache, plan)
    const parts = await shared.recording.follow(asParts, given.signal)
    const told = { call: shared, leader, plan, model: call.model }
    const finish = (part: Part): Part => tell(part, told, settings)
    for await (const chunk of chunksOf(parts, finish)) {
      yield chunk
      await manager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk })
    }
  }

  model._generate = generateShared
  if (streams) model._streamResponseChunks = streamShared
  for (const name of ['bindTools', 'withConfig'] as const) {
    const before = model[name]?.bind(model)
    if (before === undefined) continue
    model[name] = (...given) => {
      const bound = before(...given)
      // Some give a model of their own class back, made anew.
      return isChatModel(bound) && bound._generate !== generateShared
        ? withCache(bound, settings, options)
        : bound
    }
  }
  return model
}

const never = (): never => {
  throw new AiError('E_CALL_UPSTREAM', 'a chat model of LangChain is not asked this way')
}

function isChatModel(value: unknown): value is ChatModel {
  return (
    typeof value === 'object' &&
    value !== null &&
    '_generate' in value &&
    typeof value._generate === 'function'
  )
}

/** What a model has for `_streamResponseChunks` where it cannot stream. */
function basicStream(model: object): unknown {
  let found: unknown
  for (let at: unknown = model; at !== null && at !== undefined; at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, '_streamResponseChunks')) found = Reflect.get(at, '_streamResponseChunks')
  return found
}

function modelOf(model: ChatModel, given: Options): string {
  const said = { ...model._identifyingParams?.(), ...(model as unknown as Options) }
  const found = [given['model'], said['model'], said['model_name'], said['modelName']].find(
    (one) => typeof one === 'string' && one !== '',
  )
  return typeof found === 'string' ? found : ''
}
