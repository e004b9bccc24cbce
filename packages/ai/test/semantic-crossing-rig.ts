import type { Cache } from '@reprise/cache'
import { type Arbitrary, array, constantFrom, nat, record } from 'fast-check'
import { expect } from 'vitest'
import { callTags, invalidateCalls } from '../src/call-tags.ts'
import { modelCallKey } from '../src/key/call-key.ts'
import type { ModelCallRequest } from '../src/key/request.ts'
import type { SemanticStore } from '../src/semantic/semantic-store.ts'
import { modelCallSpace } from '../src/spaces.ts'
import { tierOf } from './semantic-rig.ts'

/** A process that keeps answers and looks for those to like questions. */
export interface Asking {
  readonly cache: Cache
  keep(request: ModelCallRequest, body: unknown, documents?: readonly string[]): Promise<void>
  /** The answer to a like question, where one is given. */
  find(request: ModelCallRequest, documents?: readonly string[]): Promise<unknown>
}

/** One over a cache and a store of questions, which it may share with others. */
export function askingOver(cache: Cache, store: SemanticStore): Asking {
  // Nothing here is given up on a slow machine.
  const tier = tierOf({ store, timeout: '5m' })
  const call = (request: ModelCallRequest, documents?: readonly string[]) => ({
    cache,
    request,
    key: {},
    answer: 0,
    documents,
    textOf: () => '',
  })
  return {
    cache,
    async keep(request, body, documents) {
      const { tenant, model, digest } = modelCallKey(request)
      const entry = { at: 0, from: 'generate' as const, body }
      await cache
        .open(modelCallSpace({ ttl: '1h' }))
        .set({ tenant, model, digest, answer: 0 }, entry, { tags: callTags(request, documents) })
      tier.search(call(request, documents))?.learn()
      await tier.idle()
    },
    find: async (request, documents) =>
      (await tier.search(call(request, documents))?.find(new AbortController().signal))?.stored.body,
  }
}

/** The request, and then a question. */
export function asking(request: ModelCallRequest, text: string): ModelCallRequest {
  return {
    ...request,
    messages: [...(request.messages ?? []), { role: 'user', content: [{ type: 'text', text }] }],
  }
}

/** Something that happens in one of the processes. */
export interface Step {
  readonly what: string
  readonly at: number
  readonly tenant: string
  readonly model: string
  readonly version: string
  readonly system: string
  readonly question: string
}

const name = constantFrom('a', 'b')
/** Mostly one, so that what happens often meets. */
const mostly = constantFrom('a', 'a', 'a', 'a', 'a', 'b')
/** What happens in so many processes. */
export const stepsIn = (processes: number): Arbitrary<Step[]> =>
  array(
    record({
      what: constantFrom(
        ...Array<string>(4).fill('keep'),
        ...Array<string>(4).fill('find'),
        'drop tenant',
        'drop version',
      ),
      at: nat(processes - 1),
      tenant: name,
      model: mostly,
      version: name,
      system: mostly,
      question: constantFrom('where', 'at which place'),
    }),
    { minLength: 15, maxLength: 30, size: 'max' },
  )

/**
 * Takes the steps; what is found by likeness must be the last living answer of the same context. Of several processes it
 * may also be nothing: what one keeps before it has heard of another's invalidation is a miss. Resolves with how many were
 * found. `own` keeps runs apart.
 */
export async function takeSteps(
  processes: readonly Asking[],
  steps: readonly Step[],
  own = '',
): Promise<number> {
  let hits = 0
  const living = new Map<string, { tenant: string; version: string; body: number }>()
  const id = `coach${own}`
  for (const [body, { what, at, version, system, question, ...step }] of steps.entries()) {
    const { cache, keep, find } = processes[at] as Asking
    const tenant = `${step.tenant}${own}`
    const messages = [{ role: 'system', content: system }]
    const names = { tenant, model: step.model, operation: 'chat', provider: 'p', prompt: { id, version } }
    const request = asking({ ...names, messages }, question)
    const context = JSON.stringify([tenant, step.model, version, system])
    const other = question === 'where' ? 'at which place' : 'where'
    if (what === 'keep') {
      await keep(request, body)
      living.set(`${context}${question}`, { tenant, version, body })
    } else if (what === 'find') {
      const found = await find(request)
      if (found !== undefined) hits += 1
      if (found !== undefined || processes.length === 1)
        expect(found).toBe(living.get(`${context}${other}`)?.body)
    } else {
      await invalidateCalls(cache, what === 'drop tenant' ? { tenant } : { prompt: { id, version } })
      for (const [key, one] of living)
        if (what === 'drop tenant' ? one.tenant === tenant : one.version === version) living.delete(key)
    }
  }
  return hits
}
