import {
  type Answer,
  type CallPlan,
  type LedgerKind,
  type SharedCall,
  type SimilarTo,
  shareCall,
} from '@reprise/ai'
import type { Cache } from '@reprise/cache'
import { type GatewayCall, type Place, enter, planOf, usageOf } from './call.ts'
import type { SseEvent } from './protocol.ts'
import { isPassing } from './upstream.ts'

/** An answer on its way to a client. */
export interface Served {
  readonly place: Place
  readonly key: string
  readonly params: CallPlan<SseEvent>['params']
  /** Whether this client's request made the call, and no other process did. */
  readonly leader: boolean
  /** When it was made, milliseconds since 1970, where it was kept. */
  readonly storedAt: number | undefined
  /** The question that it was given to, where that is another one. */
  readonly similar: SimilarTo | undefined
  /** Why it was not simply taken from the cache. */
  readonly forward: 'uri-miss' | 'request' | 'stale'
  /** Parts of a stream as they come; whatever came in one piece is whole. */
  readonly content: { readonly whole: Answer } | { readonly events: ReadableStream<SseEvent> }
}

/** How a client wants to be served. */
export interface Wishes {
  readonly anew: boolean
  /** Milliseconds. */
  readonly maxAge: number
  readonly signal: AbortSignal
}

/** Serves a call from one place. @throws what the upstream refused it with; E_SPACE_UNKNOWN */
export async function serve(cache: Cache, call: GatewayCall, place: Place, wishes: Wishes): Promise<Served> {
  const first = await attend(cache, { call, place, regenerate: wishes.anew, signal: wishes.signal })
  if (first.storedAt === undefined || call.now() - first.storedAt <= wishes.maxAge)
    return { ...first, forward: wishes.anew ? 'request' : 'uri-miss' }
  await leave(first)
  const next = await attend(cache, { call, place, regenerate: true, signal: wishes.signal })
  return { ...next, forward: 'stale' }
}

/** Serves a call from the first place that is not busy, broken or away. @throws what the last one refused it with */
export async function serveFirst(
  cache: Cache,
  call: GatewayCall,
  places: readonly [Place, ...Place[]],
  wishes: Wishes,
): Promise<Served> {
  const [place, next, ...rest] = places
  if (next === undefined) return serve(cache, call, place, wishes)
  try {
    return await serve(cache, call, place, wishes)
  } catch (error) {
    if (!isPassing(error)) throw error
    return serveFirst(cache, call, [next, ...rest], wishes)
  }
}

interface Attended {
  readonly call: GatewayCall
  readonly place: Place
  readonly regenerate: boolean
  readonly signal: AbortSignal
}

async function attend(
  cache: Cache,
  { call, place, regenerate, signal }: Attended,
): Promise<Omit<Served, 'forward'>> {
  const plan = planOf(call, place, regenerate)
  const { call: shared, leader } = shareCall(cache, plan)
  const content = await contentOf(call, shared, signal)
  const { key, storedAt, similar, elsewhere } = shared
  const paid = leader && !elsewhere && storedAt === undefined
  if (!paid)
    void shared.recording.answer.then(
      (answer) =>
        enter(call, place, { kind: savedBy({ storedAt, similar }), usage: usageOf(call.protocol, answer) }),
      () => undefined,
    )
  return { place, key, params: plan.params, leader: leader && !elsewhere, storedAt, similar, content }
}

function savedBy({ storedAt, similar }: Pick<Served, 'storedAt' | 'similar'>): LedgerKind {
  if (storedAt === undefined) return 'coalesced'
  return similar === undefined ? 'avoided' : 'similar'
}

async function contentOf(
  { streams }: GatewayCall,
  { recording }: SharedCall<SseEvent>,
  signal: AbortSignal,
): Promise<Served['content']> {
  if (!streams) return { whole: await recording.wait(signal) }
  const { whole, parts } = await recording.read(signal)
  return whole === undefined ? { events: parts } : { whole }
}

async function leave({ content }: Pick<Served, 'content'>): Promise<void> {
  if ('events' in content) await content.events.cancel()
}
