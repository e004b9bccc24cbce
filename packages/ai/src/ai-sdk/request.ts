import type { Demands } from '../admission.ts'
import type { ModelCallRequest } from '../key/request.ts'
import type { CallOptions } from './call-options.ts'
import type { CallParams, Model } from './model.ts'
import type { MiddlewareSettings } from './settings.ts'

/** A call of the AI SDK as the key sees it. A missing tenant is refused by the key. */
export function requestOf(
  settings: MiddlewareSettings,
  options: CallOptions,
  call: {
    readonly params: CallParams
    readonly model: Pick<Model, 'provider' | 'modelId'>
    readonly streams: boolean
  },
): ModelCallRequest {
  const { params, model, streams } = call
  const { temperature, topP, topK, presencePenalty, frequencyPenalty, maxOutputTokens, reasoning } = params
  return {
    ...whose(settings, options, params),
    operation: 'chat',
    provider: model.provider,
    model: model.modelId,
    messages: params.prompt,
    tools: params.tools,
    toolChoice: params.toolChoice,
    responseFormat: params.responseFormat,
    sampling: { temperature, topP, topK, presencePenalty, frequencyPenalty, maxOutputTokens },
    seed: params.seed,
    stop: params.stopSequences,
    reasoning: reasoning === 'provider-default' ? undefined : reasoning,
    providerOptions: params.providerOptions,
    rawChunks: streams && params.includeRawChunks === true,
  }
}

/** The fields of a key that the application gives, and not its call of the model. */
export function whose(
  settings: MiddlewareSettings,
  options: CallOptions,
  params: Pick<CallParams, 'providerOptions'>,
): Pick<ModelCallRequest, 'tenant' | 'scope' | 'prompt' | 'configurationVersion'> {
  return {
    tenant: options.tenant ?? settings.tenant(params) ?? '',
    scope: options.scope ?? settings.scope(params),
    prompt: options.prompt,
    configurationVersion: options.configurationVersion ?? settings.configurationVersion,
  }
}

/** What a call demands of its answer. */
export function demandsOf({ responseFormat, tools = [] }: CallParams): Demands {
  const schema = responseFormat?.schema
  const inputs = tools.flatMap((tool): [string, object][] =>
    'inputSchema' in tool && isObject(tool.inputSchema) && 'name' in tool
      ? [[String(tool.name), tool.inputSchema]]
      : [],
  )
  return {
    json: responseFormat?.type === 'json' ? { schema: isObject(schema) ? schema : undefined } : undefined,
    tools: new Map(inputs),
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
