import { type Cache, type Clock, type Duration, type Random, milliseconds, systemClock } from '@reprise/cache'
import type { Admission, AnswerRefusal } from '../admission.ts'
import { AiError, quote } from '../errors.ts'
import type { KeyOptions } from '../key/request.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { StreamRelay } from '../relay/stream-relay.ts'
import type { SemanticTier } from '../semantic/semantic-tier.ts'
import { type VarietyRule, readVariety } from '../variety.ts'
import type { CallParams } from './model.ts'

/** Why a call was not answered through the cache, or its answer not kept. */
export interface CallNote {
  readonly model: string
  /** `bypassed`: the call went to the model alone; `refused`: its answer is not kept. */
  readonly what: 'bypassed' | 'refused'
  readonly reason: AnswerRefusal | 'option' | 'temperature' | 'error'
  readonly error?: unknown
}

/** What the middlewares take. */
export interface MiddlewareOptions extends KeyOptions {
  /** Its catalog has the spaces of `modelCallSpace` and `embeddingSpace`, as far as they are used. */
  readonly cache: Cache
  /** Whose calls these are: a name, or how to tell from a call or from the context of a request. */
  readonly tenant: string | ((params: Pick<CallParams, 'providerOptions'>) => string | undefined)
  /** Narrower than the tenant. @default shared by the tenant */
  readonly scope?: string | ((params: Pick<CallParams, 'providerOptions'>) => string | undefined)
  /** Of whatever else decides the answers. */
  readonly configurationVersion?: string
  /** How many answers are kept, by temperature. @default one at every temperature */
  readonly variety?: readonly VarietyRule[]
  /** Which answers are kept. @default complete ones only */
  readonly admission?: Admission
  /** How a stream that was kept is given: at once, or a word at a time. @default 'at-once' */
  readonly replay?: 'at-once' | { readonly every: Duration }
  /** Hears of calls that went past the cache and of answers that were not kept; what it throws is ignored. */
  readonly onNote?: (note: CallNote) => void
  /** Tells other processes of streams under way, and hears of theirs: `redisRelay(shared)`. @default none, they get whole answers */
  readonly relay?: StreamRelay
  /** Answers like questions alike: `semanticTier({ … })`. @default none, only the same question has the same answer */
  readonly semantic?: SemanticTier
  /** Counts what was spent and what was saved. @default nobody counts */
  readonly ledger?: Pick<Ledger, 'record'>
  /** @default the machine's clock */
  readonly clock?: Clock
  /** Draws one of several answers. @default Math.random */
  readonly random?: Random
}

/** Options read once. */
export interface MiddlewareSettings {
  readonly cache: Cache
  readonly tenant: (params: Pick<CallParams, 'providerOptions'>) => string | undefined
  readonly scope: (params: Pick<CallParams, 'providerOptions'>) => string | undefined
  readonly configurationVersion: string | undefined
  readonly key: KeyOptions
  readonly variety: readonly VarietyRule[]
  readonly admission: Admission
  /** Milliseconds between words of a replay; 0 for all at once. */
  readonly pace: number
  readonly relay: StreamRelay | undefined
  readonly semantic: SemanticTier | undefined
  readonly ledger: Pick<Ledger, 'record'> | undefined
  readonly note: (note: CallNote) => void
  readonly clock: Clock
  readonly random: Random
}

/** @throws E_CALL_OPTION, E_OPTION_INVALID quoting the bad value */
export function readSettings(options: MiddlewareOptions): MiddlewareSettings {
  const { tenant, scope, replay = 'at-once', onNote, defaults, providerOptions } = options
  if (typeof tenant !== 'function' && (typeof tenant !== 'string' || tenant === '')) {
    throw new AiError(
      'E_CALL_OPTION',
      `tenant is ${quote(tenant)}; name it, or give a function that tells it for each call: answers are never shared between tenants`,
    )
  }
  return Object.freeze({
    cache: options.cache,
    tenant: typeof tenant === 'function' ? tenant : () => tenant,
    scope: typeof scope === 'function' ? scope : () => scope,
    configurationVersion: options.configurationVersion,
    key: Object.freeze({
      ...(defaults === undefined ? {} : { defaults }),
      ...(providerOptions === undefined ? {} : { providerOptions }),
    }),
    variety: readVariety(options.variety),
    admission: options.admission ?? {},
    pace: replay === 'at-once' ? 0 : milliseconds(replay.every, 'replay.every'),
    relay: options.relay,
    semantic: options.semantic,
    ledger: options.ledger,
    note(note: CallNote) {
      try {
        onNote?.(note)
      } catch {
        // A listener must not break the call that it hears of.
      }
    },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  })
}
