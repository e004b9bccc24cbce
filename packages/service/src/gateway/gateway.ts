import { AiError, type SemanticTier, answersAt, keptAnswer, modelCallSpace, readVariety } from '@reprise/ai'
import type { Cache } from '@reprise/cache'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { requireRole } from '../auth/authenticate.ts'
import { callerOf } from '../http/caller-of.ts'
import { HttpError } from '../http/http-error.ts'
import { type JsonReader, createJsonReader, useRawJson } from '../http/json-body.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { type Served, type Wishes, serveFirst } from './attempts.ts'
import { cacheStatus, readCacheControl } from './cache-control.ts'
import { type GatewayCall, type Place, ask, enter, planOf } from './call.ts'
import { registerEmbeddings } from './embeddings.ts'
import type { GatewayOptions, GatewayParts } from './gateway-options.ts'
import { asNumber, isJson } from './json.ts'
import { type KnownRequest, type KnownRequests, createKnownRequests, nameOf } from './known-requests.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import { placesOf, raceOf } from './places.ts'
import type { Protocol } from './protocol.ts'
import { serveRace } from './race.ts'
import { errorReply } from './refusals.ts'
import { headersOf, leaving, readWhose, takesSimilar } from './request-headers.ts'
import { openSemantic } from './semantic.ts'
import { type Renderings, createRenderings } from './renderings.ts'
import { render, sendEvents, sendRendered } from './send.ts'
import { askStream } from './upstream.ts'

/**
 * Adds the routes that SDKs of OpenAI and Anthropic call when their base URL is this service's (issue 10): chat
 * completions, responses, messages and embeddings, each with a cache before the upstreams.
 * @throws E_SPACE_UNKNOWN where the catalog has no space of model calls, E_CALL_OPTION
 */
export function registerGateway(app: FastifyInstance, parts: GatewayParts, options: GatewayOptions): void {
  parts.cache.open(modelCallSpace({ ttl: '1d' }))
  readVariety(options.variety)
  const semantic = options.semantic === undefined ? undefined : openSemantic(options.semantic, parts, options)
  if (semantic !== undefined) app.addHook('onClose', () => semantic.idle())
  const gateway: Gateway = {
    ...parts,
    options,
    semantic,
    read: createJsonReader(app),
    known: createKnownRequests(),
    renderings: createRenderings(),
  }
  app.register(async (scope) => {
    // What is known by its bytes is never read.
    useRawJson(scope)
    for (const protocol of [openaiChat, openaiResponses, anthropicMessages]) {
      scope.route({
        method: 'POST',
        url: protocol.route,
        bodyLimit: options.bodyLimit ?? 32 * 1024 ** 2,
        schema: { hide: true },
        onRequest: (request) => authenticate(app, request, options),
        errorHandler: (error, request, reply) => void errorReply(protocol, error, { request, reply }),
        handler: (request, reply) => answer(gateway, { protocol, request, reply }),
      })
    }
  })
  registerEmbeddings(app, parts, {
    ...options,
    authenticate: (request) => authenticate(app, request, options),
  })
}

/** A client of Anthropic sends its key as `x-api-key`. */
async function authenticate(
  app: FastifyInstance,
  request: FastifyRequest,
  { role = 'operator' }: GatewayOptions,
): Promise<void> {
  const key = request.headers['x-api-key']
  const given = request.headers.authorization ?? (typeof key === 'string' ? `Bearer ${key}` : undefined)
  request.caller = await callerOf(app, { address: request.ip, authorization: given })
  requireRole(request.caller, role)
}

interface Exchange {
  readonly protocol: Protocol
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** A gateway at work. */
interface Gateway extends GatewayParts {
  readonly options: GatewayOptions
  readonly semantic: SemanticTier | undefined
  readonly read: JsonReader
  readonly known: KnownRequests
  readonly renderings: Renderings
}

async function answer(gateway: Gateway, { protocol, request, reply }: Exchange): Promise<FastifyReply> {
  const { cache, ledger, now, options, semantic, known } = gateway
  const control = header(request, 'cache-control')
  const whose = readWhose(request, options.configurationVersion)
  const asked = { protocol, headers: headersOf(request, protocol.headers), ledger, ...whose }
  const bytes = request.body as Buffer | undefined
  const name = control === undefined && bytes !== undefined ? nameOf(asked, bytes) : undefined
  const before = name === undefined ? undefined : known.find(name)
  // Which of several answers: drawn once, whichever way it is looked for.
  const draw = (options.random ?? Math.random)()
  if (before !== undefined && (await serveKnown(gateway, { asked, before, draw, reply }))) return reply
  const body = bytes === undefined ? undefined : gateway.read(request, bytes)
  if (!isJson(body) || typeof body['model'] !== 'string' || body['model'] === '')
    throw new HttpError(400, 'The body names no model: send JSON with "model"')
  const wishes = { ...readCacheControl(control), signal: leaving(reply) }
  const answers = answersAt(options.variety ?? [], asNumber(body['temperature']))
  const call: GatewayCall = {
    ...asked,
    body,
    streams: body['stream'] === true,
    wantsUsage: protocol.wantsUsage(body),
    answer: Math.floor(draw * Math.max(1, answers)),
    admission: options.admission,
    relay: options.relay,
    semantic: semantic !== undefined && takesSimilar(request) ? { tier: semantic, cache } : undefined,
    now,
  }
  const race = raceOf(options, protocol, body['model'])
  const places = race?.premium ?? placesOf(options, protocol, body['model'])
  const detail = wishes.past ? 'no-store' : answers === 0 ? 'temperature' : protocol.bypass(body)
  if (detail !== undefined) return past({ call, place: places[0], detail, wishes, reply })
  try {
    if (wishes.onlyKept) await requireKept(cache, call, { place: places[0], now, maxAge: wishes.maxAge })
    const served =
      race === undefined
        ? await serveFirst(cache, call, places, wishes)
        : await serveRace(cache, call, race, wishes)
    const { place, params, storedAt, similar } = served
    // Only what the first place has of this very request says what the next one gets.
    const kept = storedAt !== undefined && similar === undefined && place === places[0]
    if (name !== undefined && race === undefined && kept) known.add(name, { ...call, params, answers, place })
    tell(reply, served, now())
    return await deliver(call, served, reply)
  } catch (error) {
    // What has no key is asked without the cache.
    if (!AiError.is(error, 'E_CALL_VALUE')) throw error
    return past({ call, place: places[0], detail: 'no-key', wishes, reply })
  }
}

/** Serves a request that is known by its bytes, where there is an answer; false where there is none. */
async function serveKnown(
  { cache, now, renderings }: Gateway,
  {
    asked,
    before: { params, answers, place, streams, wantsUsage },
    draw,
    reply,
  }: {
    readonly asked: Pick<GatewayCall, 'protocol' | 'whose' | 'ledger'>
    readonly before: KnownRequest
    readonly draw: number
    readonly reply: FastifyReply
  },
): Promise<boolean> {
  const found = await keptAnswer(cache, { ...params, answer: Math.floor(draw * answers) }).catch(
    () => undefined,
  )
  if (found === undefined) return false
  const { protocol } = asked
  const { rendered, usage, status } = renderings.of(found, { protocol, streams, wantsUsage })
  enter(asked, place, { kind: 'avoided', usage })
  tellHit(reply, { status, storedAt: found.storedAt, now: now() })
  void sendRendered(rendered, { streams, reply })
  return true
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function tell(
  reply: FastifyReply,
  {
    key,
    leader,
    storedAt,
    similar,
    forward,
  }: Pick<Served, 'key' | 'leader' | 'storedAt' | 'similar' | 'forward'>,
  now: number,
): void {
  if (storedAt !== undefined) {
    const detail = similar === undefined ? {} : { detail: `similar-${similar.similarity.toFixed(4)}` }
    tellHit(reply, { status: cacheStatus({ hit: true, key, ...detail }), storedAt, now })
    if (similar !== undefined)
      void reply.header('x-reprise-similar-question', encodeURIComponent(similar.question.slice(0, 200)))
  } else void reply.header('cache-status', cacheStatus({ hit: false, forward, collapsed: !leader, key }))
}

function tellHit(
  reply: FastifyReply,
  { status, storedAt, now }: { readonly status: string; readonly storedAt: number; readonly now: number },
): void {
  void reply.header('age', String(Math.max(0, Math.floor((now - storedAt) / 1_000))))
  void reply.header('cache-status', status)
}

async function deliver(call: GatewayCall, served: Served, reply: FastifyReply): Promise<FastifyReply> {
  const paid = served.leader && served.storedAt === undefined
  if ('events' in served.content) return sendEvents(call, { events: served.content.events, paid, reply })
  const { streams } = call
  return sendRendered(render(served.content.whole, { ...call, paid }), { streams, reply })
}

/** Leaves the cache alone. */
async function past({
  call,
  place,
  detail,
  wishes,
  reply,
}: {
  readonly call: GatewayCall
  readonly place: Place
  readonly detail: string
  readonly wishes: Wishes
  readonly reply: FastifyReply
}): Promise<FastifyReply> {
  void reply.header('cache-status', cacheStatus({ hit: false, forward: 'bypass', collapsed: false, detail }))
  if (!call.streams) {
    const whole = await ask(call, place, { signal: wishes.signal, push: () => undefined })
    return sendRendered(render(whole, { ...call, paid: true }), { streams: false, reply })
  }
  const { protocol, headers, body } = call
  const sent = protocol.upstreamBody(body, place.model)
  const events = askStream(place.upstream, {
    protocol,
    path: protocol.path,
    body: sent,
    headers,
    signal: wishes.signal,
  })
  // The first event decides whether there is a stream at all.
  const first = await events.next()
  return sendEvents(call, { events: following(first, events), paid: true, reply })
}

async function* following<T>(first: IteratorResult<T, void>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return
  yield first.value
  yield* rest
}

/** @throws HttpError 504 where nothing fitting is kept, as RFC 9111 has it */
async function requireKept(
  cache: Cache,
  call: GatewayCall,
  { place, now, maxAge }: { readonly place: Place; readonly now: () => number; readonly maxAge: number },
): Promise<void> {
  const { params } = planOf(call, place, false)
  const found = await cache.open(modelCallSpace({ ttl: '1d' })).find(params)
  if (found !== undefined && now() - found.value.at <= maxAge) return
  throw new HttpError(504, 'No answer to this request is kept, and Cache-Control says only-if-cached')
}
