import type {
  Admission,
  Answer,
  CallPlan,
  Ledger,
  ModelCallRequest,
  SemanticTier,
  StreamRelay,
  TokenUsage,
} from '@reprise/ai'
import type { Cache } from '@reprise/cache'
import { type LedgerKind, callTags, modelCallKey, refusalOf } from '@reprise/ai'
import { continuing } from './continuing.ts'
import type { Json } from './json.ts'
import type { Protocol, SseEvent } from './protocol.ts'
import { type Upstream, type UpstreamCall, askStream, askWhole } from './upstream.ts'

/** One request of a client, read. */
export interface GatewayCall {
  readonly protocol: Protocol
  readonly body: Json
  readonly streams: boolean
  /** Whether figures are wanted in a stream. */
  readonly wantsUsage: boolean
  /** Headers that are sent on and belong to the key. */
  readonly headers: Readonly<Record<string, string>>
  /** Whose call it is, and what it was made from. */
  readonly whose: Pick<ModelCallRequest, 'tenant' | 'scope' | 'prompt' | 'configurationVersion'>
  readonly documents: readonly string[]
  /** Which of several answers. */
  readonly answer: number
  readonly admission: Admission | undefined
  readonly relay: StreamRelay | undefined
  /** Where answers to like questions are looked for. */
  readonly semantic: { readonly tier: SemanticTier; readonly cache: Cache } | undefined
  readonly ledger: Pick<Ledger, 'record'> | undefined
  readonly now: () => number
}

/** A model at an upstream. */
export interface Place {
  readonly upstream: Upstream
  readonly model: string
}

/** What the key of a call is made of. @throws E_CALL_FIELD, E_CALL_VALUE */
export function requestOf({ protocol, body, headers, whose }: GatewayCall, place: Place): ModelCallRequest {
  const fields = protocol.fieldsOf(body)
  const options = Object.keys(headers).length === 0 ? {} : { headers: { ...headers } }
  return {
    ...fields,
    ...whose,
    operation: protocol.operation,
    provider: place.upstream.name,
    model: place.model,
    providerOptions: { ...fields.providerOptions, ...options },
  }
}

/** How a call goes through the cache to one place. @throws E_CALL_FIELD, E_CALL_VALUE */
export function planOf(call: GatewayCall, place: Place, regenerate: boolean): CallPlan<SseEvent> {
  const { protocol, body, now } = call
  const request = requestOf(call, place)
  const { tenant, model, digest } = modelCallKey(request, protocol.key)
  return {
    params: { tenant, model, digest, answer: call.answer },
    regenerate,
    tags: () => callTags(request, call.documents),
    meta: { model: place.model, strategy: place.upstream.name },
    now,
    call: (push, signal) => ask(call, place, { signal, push }),
    shape: {
      gather: (events) => answerOf(protocol, events),
      partsOf: (answer) => eventsOf(protocol, answer),
      continuing: continuing(protocol),
    },
    relay: call.relay,
    similar: call.semantic?.tier.search({
      cache: call.semantic.cache,
      request,
      key: protocol.key,
      answer: call.answer,
      documents: call.documents,
      textOf: ({ body: kept }) => protocol.factsOf(kept as Json).text,
    }),
    paid: ({ answer, refreshed, wanted }) =>
      enter(call, place, {
        kind: !wanted ? 'wasted' : refreshed ? 'refreshed' : 'spent',
        usage: usageOf(protocol, answer),
      }),
    admits: ({ from, body: answer }) =>
      from === 'generate' &&
      refusalOf(protocol.factsOf(answer as Json), protocol.demandsOf(body), call.admission) === undefined,
  }
}

/** What a call used; one without a whole answer has no figures. */
export function usageOf(protocol: Protocol, answer: Answer | undefined): TokenUsage | undefined {
  return answer?.from === 'generate' ? protocol.usageOf(answer.body as Json) : undefined
}

/** Enters a call in the ledger. */
export function enter(
  { ledger, whose }: Pick<GatewayCall, 'ledger' | 'whose'>,
  { upstream, model }: Place,
  { kind, usage }: { readonly kind: LedgerKind; readonly usage: TokenUsage | undefined },
): number | undefined {
  return ledger?.record({
    kind,
    space: 'model_call',
    tenant: whose.tenant,
    provider: upstream.name,
    model,
    usage,
  })
}

/** Asks the upstream; what its stream amounts to is what is kept. */
export async function ask(
  call: GatewayCall,
  place: Place,
  { signal, push }: { readonly signal: AbortSignal; readonly push: (event: SseEvent) => void },
): Promise<Answer> {
  const { protocol, headers, streams } = call
  const body = protocol.upstreamBody(call.body, place.model)
  const sent: UpstreamCall = { protocol, path: protocol.path, body, headers, signal }
  if (!streams) return { from: 'generate', body: await askWhole(place.upstream, sent) }
  const events: SseEvent[] = []
  let ended = protocol.end === undefined
  for await (const event of askStream(place.upstream, sent)) {
    if (event.data === protocol.end?.data) {
      ended = true
      continue
    }
    events.push(event)
    push(event)
  }
  return ended ? answerOf(protocol, events) : { from: 'stream', body: events }
}

/** What the events of a stream amount to: a whole answer, or themselves where they have no end. */
function answerOf(protocol: Protocol, events: readonly SseEvent[]): Answer {
  const whole = protocol.assemble(events)
  return whole === undefined ? { from: 'stream', body: events } : { from: 'generate', body: whole }
}

/** The events that say what an answer says. */
export function eventsOf(protocol: Protocol, { from, body }: Answer): readonly SseEvent[] {
  return from === 'stream' ? (body as readonly SseEvent[]) : protocol.split(body as Json)
}
