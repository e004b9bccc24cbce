import { type ModelCallRequest, callTags, embeddingSpace, modelCallKey, noTokens } from '@reprise/ai'
import { type BatchContext, RepriseError } from '@reprise/cache'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from '../http/http-error.ts'
import { cacheStatus, readCacheControl } from './cache-control.ts'
import type { Place } from './call.ts'
import type { GatewayOptions, GatewayParts } from './gateway-options.ts'
import { type Json, asJson, asList, asNumber, isJson, without } from './json.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiNoise } from './openai-parts.ts'
import { placesOf } from './places.ts'
import { errorReply } from './refusals.ts'
import { leaving, readWhose } from './request-headers.ts'
import { type UpstreamCall, UpstreamError, askWhole } from './upstream.ts'

const protocol = { ...openaiChat, path: 'embeddings' }
const read = ['model', 'input', 'encoding_format']

/** Adds `POST /v1/embeddings`: each text of a batch is kept for itself, and an upstream is asked for the missing ones at once. */
export function registerEmbeddings(
  app: FastifyInstance,
  { cache, ledger }: GatewayParts,
  options: GatewayOptions & { readonly authenticate: (request: FastifyRequest) => Promise<void> },
): void {
  const handle = cache.open(embeddingSpace({ ttl: '1d' }))
  app.route({
    method: 'POST',
    url: '/v1/embeddings',
    bodyLimit: options.bodyLimit ?? 32 * 1024 ** 2,
    schema: { hide: true },
    onRequest: options.authenticate,
    errorHandler: (error, request, reply) => void errorReply(protocol, error, { request, reply }),
    async handler(request, reply) {
      const { body } = request
      if (!isJson(body) || typeof body['model'] !== 'string')
        throw new HttpError(400, 'The body names no model: send JSON with "model" and "input"')
      const inputs = inputsOf(body['input'])
      const wishes = readCacheControl(request.headers['cache-control'])
      const [place] = placesOf(options, protocol, body['model'])
      const { whose, documents } = readWhose(request, options.configurationVersion)
      const base: ModelCallRequest = {
        ...whose,
        operation: 'embed',
        provider: place.upstream.name,
        model: place.model,
        providerOptions: { openai: without(body, ...read) },
      }
      const tags = callTags(base, documents)
      const texts = new Map<string, unknown>()
      const keys = inputs.map((input) => {
        const rules = { providerOptions: { leaveOut: openaiNoise } }
        const { tenant, model, digest } = modelCallKey({ ...base, input }, rules)
        texts.set(digest, input)
        return { tenant, model, digest }
      })
      let tokens = 0
      let computed = 0

      async function ask(values: readonly unknown[], signal: AbortSignal): Promise<number[][]> {
        const made = await embed(place, { ...(body as Json), input: values }, signal)
        tokens += made.tokens
        computed += values.length
        return made.vectors
      }

      async function load(
        missing: readonly { readonly digest: unknown }[],
        { items, signal, meta }: BatchContext<readonly number[]>,
      ): Promise<number[][]> {
        meta({ model: place.model })
        for (const item of items) item.tags(...tags)
        return ask(
          missing.map(({ digest }) => texts.get(String(digest))),
          signal,
        )
      }

      const vectors = wishes.past
        ? await ask(inputs, leaving(reply))
        : await handle.getOrLoadMany(keys, load, { forceRefresh: wishes.anew }).catch((error: unknown) => {
            throw RepriseError.is(error, 'E_LOADER_FAILED') ? error.cause : error
          })
      const status = wishes.past
        ? cacheStatus({ hit: false, forward: 'bypass', collapsed: false, detail: 'no-store' })
        : computed === 0
          ? cacheStatus({ hit: true, key: handle.key(keys[0] as (typeof keys)[number]) })
          : cacheStatus({
              hit: false,
              forward: 'uri-miss',
              collapsed: false,
              detail: `computed-${computed}-of-${keys.length}`,
            })
      const names = {
        space: 'embedding',
        tenant: whose.tenant,
        provider: place.upstream.name,
        model: place.model,
      }
      const usage = { ...noTokens, input: tokens }
      if (computed > 0)
        ledger?.record({ kind: wishes.anew ? 'refreshed' : 'spent', ...names, calls: computed, usage })
      // Providers tell tokens of a batch, so nobody knows those of one text that was kept.
      if (computed < keys.length) ledger?.record({ kind: 'avoided', ...names, calls: keys.length - computed })
      const base64 = body['encoding_format'] === 'base64'
      return reply.header('cache-status', status).send({
        object: 'list',
        model: place.model,
        data: vectors.map((vector, index) => ({
          object: 'embedding',
          index,
          embedding: base64 ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector,
        })),
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      })
    },
  })
}

/** One text, several, or tokens of one or several. @throws HttpError 400 */
function inputsOf(input: unknown): readonly unknown[] {
  if (typeof input === 'string') return [input]
  if (Array.isArray(input) && input.length > 0) {
    const items = input as unknown[]
    return items.every((item) => typeof item === 'number') ? [items] : items
  }
  throw new HttpError(400, '"input" must be a text or a list of texts')
}

/** The vectors of a body's texts, in their order. @throws UpstreamError; the signal's reason */
export async function embed(
  { upstream, model }: Place,
  body: Json,
  signal: AbortSignal,
): Promise<{ readonly vectors: number[][]; readonly tokens: number }> {
  const sent: UpstreamCall = {
    protocol,
    path: 'embeddings',
    body: { ...body, model, encoding_format: 'float' },
    headers: {},
    signal,
  }
  const answer = await askWhole(upstream, sent)
  const rows = asList(answer['data']).toSorted(
    (a, b) => (asNumber(a['index']) ?? 0) - (asNumber(b['index']) ?? 0),
  )
  const vectors = rows.map(({ embedding }) => embedding).filter(isVector)
  const wanted = Array.isArray(body['input']) ? body['input'].length : 1
  if (vectors.length !== wanted)
    throw new UpstreamError(
      `Upstream ${upstream.name} was given ${wanted} texts and made ${vectors.length} embeddings`,
      {
        status: 502,
      },
    )
  return { vectors, tokens: asNumber(asJson(answer['usage'])['total_tokens']) ?? 0 }
}

function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => Number.isFinite(item))
}
