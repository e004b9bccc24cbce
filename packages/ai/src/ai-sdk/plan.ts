import { refusalOf } from '../admission.ts'
import { callTags } from '../call-tags.ts'
import { AiError } from '../errors.ts'
import { modelCallKey } from '../key/call-key.ts'
import type { LedgerEntry } from '../ledger/ledger.ts'
import type { CallPlan } from '../call-plan.ts'
import { answersAt } from '../variety.ts'
import { readCallOptions } from './call-options.ts'
import { factsOf } from './facts.ts'
import { continuing } from './continuing.ts'
import type { CallParams, Model, Part } from './model.ts'
import { asParts, gathered } from './parts.ts'
import { usageOf } from './usage.ts'
import { demandsOf, requestOf } from './request.ts'
import type { MiddlewareSettings } from './settings.ts'

/**
 * How a call goes through the cache, or undefined when it goes past it: told to, at a temperature of which nothing is
 * kept, or because it has no key.
 */
export function planCall(
  settings: MiddlewareSettings,
  call: { readonly params: CallParams; readonly model: Model; readonly streams: boolean },
  make: CallPlan<Part>['call'],
): CallPlan<Part> | undefined {
  const { params, model } = call
  const name = model.modelId
  try {
    const options = readCallOptions(params)
    if (options.cache === false) return undefined
    const request = requestOf(settings, options, call)
    const answers = answersAt(settings.variety, params.temperature ?? settings.key.defaults?.temperature)
    if (answers === 0) {
      settings.note({ model: name, what: 'bypassed', reason: 'temperature' })
      return undefined
    }
    const { answer = Math.floor(settings.random() * answers) } = options
    if (answer >= answers) {
      throw new AiError(
        'E_CALL_OPTION',
        `providerOptions.reprise.answer is ${answer}; ${answers} are kept at this temperature, counted from 0`,
      )
    }
    const { tenant, digest } = modelCallKey(request, settings.key)
    return {
      params: { tenant, model: name, digest, answer },
      regenerate: options.regenerate === true,
      tags: () => callTags(request, options.documents),
      meta: { model: name },
      now: () => settings.clock.now(),
      call: make,
      shape: { gather: gathered, partsOf: asParts, continuing },
      relay: settings.relay,
      similar:
        options.semantic === false
          ? undefined
          : settings.semantic?.search({
              cache: settings.cache,
              request,
              key: settings.key,
              answer,
              documents: options.documents,
              textOf: (kept) => factsOf(kept).text,
            }),
      paid: ({ answer: made, refreshed, wanted }) =>
        settings.ledger?.record({
          kind: !wanted ? 'wasted' : refreshed ? 'refreshed' : 'spent',
          ...entryNames(tenant, model),
          usage: made === undefined ? undefined : usageOf(made),
        }),
      admits(made) {
        const refusal = refusalOf(factsOf(made), demandsOf(params), settings.admission)
        if (refusal !== undefined) settings.note({ model: name, what: 'refused', reason: refusal })
        return refusal === undefined
      },
    }
  } catch (error) {
    const reason = AiError.is(error, 'E_CALL_OPTION') ? 'option' : 'error'
    settings.note({ model: name, what: 'bypassed', reason, error })
    return undefined
  }
}

/** What a call is entered under in the ledger. */
export function entryNames(
  tenant: string,
  { provider, modelId }: Pick<Model, 'provider' | 'modelId'>,
): Pick<LedgerEntry, 'space' | 'tenant' | 'provider' | 'model'> {
  return { space: 'model_call', tenant, provider, model: modelId }
}
