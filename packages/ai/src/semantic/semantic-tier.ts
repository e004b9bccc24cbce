/**
 * Answers to like questions (issue 10), off unless given. What a store of questions says is only where to look: the key of a
 * kept answer is made again from the request that is being answered, with the kept question in the place of its own. So
 * tenant, model, prompt version and everything said before are equal or there is no such entry, and the answer is read
 * through the cache, where expiry, tags, invalidation and admission hold as for any other. Nothing is copied to another key.
 * It never fails a call: embedder, store and verifier cost `timeout` at most, and after a failure the tier rests.
 */
import type { Cache } from '@reprise/cache'
import type { Answer } from '../call-plan.ts'
import { AiError, quote } from '../errors.ts'
import { modelCallKey } from '../key/call-key.ts'
import { canonicalText } from '../key/canonical.ts'
import { framedDigest } from '../key/digest.ts'
import type { KeyOptions, ModelCallRequest } from '../key/request.ts'
import { type StoredAnswer, modelCallSpace } from '../spaces.ts'
import { restored } from '../stored-value.ts'
import { untilAborted } from '../until-aborted.ts'
import { lastQuestion, withQuestion } from './question.ts'
import { type SemanticOptions, type SemanticSettings, readSemanticOptions } from './semantic-options.ts'
import type { Neighbour } from './semantic-store.ts'
import type { SimilarSearch } from './similar-search.ts'

/** A call that may be answered by the answer to a like one. */
export interface SemanticCall {
  readonly cache: Cache
  readonly request: ModelCallRequest
  readonly key: KeyOptions
  /** Which of several answers. */
  readonly answer: number
  /** What the call names as its documents: it shares answers with calls of the same ones only. */
  readonly documents: readonly string[] | undefined
  readonly textOf: (answer: Answer) => string
}

/** Finds answers to like questions; one for all calls of an application. */
export interface SemanticTier {
  /** How to search for one call; undefined where its last message is not a short question of its user. @throws E_CALL_* */
  search(call: SemanticCall): SimilarSearch | undefined
  /** Resolves when everything that was learned up to now is written. */
  idle(): Promise<void>
}

/** Of so many neighbours some may be dead or refused by the guard. */
const neighboursAsked = 8
/** A question is written before its answer, at times; one that is younger is not forgotten for having none. */
const settling = 60_000

/** A semantic tier. @throws E_CALL_OPTION, E_OPTION_INVALID */
export function semanticTier(options: SemanticOptions): SemanticTier {
  const settings = readSemanticOptions(options)
  const { clock, store } = settings
  const learning = new Set<Promise<void>>()
  let restsUntil = -Infinity

  function failed(error: unknown): void {
    restsUntil = clock.now() + settings.rest
    settings.onError(error)
  }

  function inBackground(work: (signal: AbortSignal) => Promise<void>): void {
    const done = within(settings, new AbortController().signal, work)
      .catch(failed)
      .finally(() => learning.delete(done))
    learning.add(done)
  }

  function search(call: SemanticCall): SimilarSearch | undefined {
    const asked = lastQuestion(call.request)
    if (asked === undefined || asked.trim() === '' || asked.length > settings.longest) return undefined
    const { tenant, model } = call.request
    const handle = call.cache.open(modelCallSpace({ ttl: '1d' }))
    let vector: Promise<readonly number[]> | undefined

    async function place(signal: AbortSignal) {
      vector ??= settings.embed(asked as string, { tenant, signal }).catch((error: unknown) => {
        vector = undefined
        throw error
      })
      const known = await vector
      if (known.length === 0 || !known.every((value) => Number.isFinite(value)))
        throw new AiError('E_CALL_UPSTREAM', `embedder ${quote(settings.embedder)} made no vector of numbers`)
      return { context: contextOf(call, settings.embedder, known.length), vector: known }
    }

    const look = async (signal: AbortSignal) => {
      const { context, vector: known } = await place(signal)
      const bounds = { atLeast: settings.verify, limit: neighboursAsked }
      return { context, neighbours: await store.nearest({ context, vector: known, ...bounds }) }
    }

    const read = (question: string) => {
      const { digest } = modelCallKey(withQuestion(call.request, question), call.key)
      return handle.find({ tenant, model, digest, answer: call.answer })
    }

    const textOf = ({ from, body }: StoredAnswer): string =>
      from === 'none' ? '' : call.textOf({ from, body: restored(body) })

    async function choose(context: string, neighbours: readonly Neighbour[], signal: AbortSignal) {
      for (const { question, similarity, keptAt } of neighbours) {
        if (!(similarity >= settings.verify) || question === asked) continue
        if (!settings.guard(asked as string, question)) continue
        const found = await read(question)
        if (found === undefined) {
          if (clock.now() - keptAt > settling) inBackground(() => store.forget(context, question))
          continue
        }
        const verified = similarity < settings.accept
        if (verified) {
          const pair = { asked: asked as string, kept: question, similarity, answer: textOf(found.value) }
          if (!(await settings.verifier(pair, { tenant, signal }))) return undefined
          // It may have been invalidated, or given another answer, while the verifier thought about it.
          if ((await read(question))?.version !== found.version) return undefined
        }
        inBackground(() => store.touch(context, question))
        return { stored: found.value, similar: { question, similarity, verified } }
      }
      return undefined
    }

    return {
      async find(signal) {
        if (clock.now() < restsUntil) return undefined
        const looked = await within(settings, signal, look).catch((error: unknown) => {
          if (!signal.aborted) failed(error)
          return undefined
        })
        if (looked === undefined || looked.neighbours.length === 0) return undefined
        return within(settings, signal, (limit) => choose(looked.context, looked.neighbours, limit)).catch(
          (error: unknown) => {
            if (!signal.aborted) settings.onError(error)
            return undefined
          },
        )
      },
      learn() {
        if (clock.now() < restsUntil) return
        inBackground(async (signal) => store.keep({ ...(await place(signal)), tenant, question: asked }))
      },
    }
  }

  return {
    search,
    async idle() {
      while (learning.size > 0) await Promise.all(learning)
    },
  }
}

/** Everything that must be equal for one answer to serve two questions, as one digest. */
function contextOf(
  { cache, request, key, answer, documents = [] }: SemanticCall,
  embedder: string,
  size: number,
) {
  const { digest } = modelCallKey(withQuestion(request, ''), key)
  return framedDigest([
    ['rules', 'reprise semantic 1'],
    ['catalog', cache.catalog.prefix],
    ['request', digest],
    ['answer', String(answer)],
    ['documents', canonicalText([...new Set(documents)].toSorted(), 'documents')],
    ['embedder', canonicalText([embedder, size], 'embedder')],
  ])
}

/** What work gives, within the time that it may take. @throws what it throws, a TimeoutError, the signal's reason */
async function within<T>(
  { clock, timeout }: Pick<SemanticSettings, 'clock' | 'timeout'>,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const over = new DOMException(`the semantic tier took more than ${timeout} ms`, 'TimeoutError')
  const timer = clock.setTimeout(() => limit.abort(over), timeout, { background: true })
  const either = AbortSignal.any([signal, limit.signal])
  try {
    return await untilAborted(work(either), either)
  } finally {
    timer.cancel()
  }
}
