import {
  type AskedFor,
  type SemanticTier,
  type TokenUsage,
  modelVerifier,
  noTokens,
  semanticTier,
} from '@reprise/ai'
import { pgvectorStore } from '@reprise/ai/pgvector'
import { anthropicMessages } from './anthropic-messages.ts'
import type { Place } from './call.ts'
import { embed } from './embeddings.ts'
import type { GatewayOptions, GatewayParts, GatewaySemantic } from './gateway-options.ts'
import type { Json } from './json.ts'
import { openaiChat } from './openai-chat.ts'
import { placesOf } from './places.ts'
import { askWhole, serves } from './upstream.ts'

/**
 * The semantic tier of a gateway: its models are asked at the upstreams, and what they cost is entered in the ledger as `spent`
 * in the space `semantic`, beside what is saved. @throws HttpError 404 for a model that no upstream serves, E_CALL_OPTION
 */
export function openSemantic(
  { accept, verify, embeddingModel, verifierModel, store }: GatewaySemantic,
  { database, ledger, onError }: GatewayParts,
  options: GatewayOptions,
): SemanticTier {
  const [embedder] = placesOf(options, openaiChat, embeddingModel)

  function enter({ upstream, model }: Place, { tenant }: AskedFor, usage: TokenUsage): void {
    ledger?.record({ kind: 'spent', space: 'semantic', tenant, provider: upstream.name, model, usage })
  }

  return semanticTier({
    store: store ?? pgvectorStore({ database }),
    embedder: `${embedder.upstream.name}/${embedder.model}`,
    async embed(text, asked) {
      const { vectors, tokens } = await embed(embedder, { input: [text] }, asked.signal)
      enter(embedder, asked, { ...noTokens, input: tokens })
      return vectors[0] ?? []
    },
    accept,
    ...(verify === undefined ? {} : { verify }),
    ...(verifierModel === undefined ? {} : { verifier: verifierOf(verifierModel, options, enter) }),
    onError,
  })
}

function verifierOf(
  name: string,
  options: GatewayOptions,
  enter: (place: Place, asked: AskedFor, usage: TokenUsage) => void,
) {
  const ofOpenai = options.upstreams.some((upstream) => upstream.kind === 'openai' && serves(upstream, name))
  const protocol = ofOpenai ? openaiChat : anthropicMessages
  const [place] = placesOf(options, protocol, name)
  const { model, upstream } = place
  return modelVerifier(async (message, asked) => {
    const body: Json = {
      model,
      messages: [{ role: 'user', content: message }],
      ...(ofOpenai ? {} : { max_tokens: 16 }),
    }
    const headers: Record<string, string> = ofOpenai ? {} : { 'anthropic-version': '2023-06-01' }
    const { signal } = asked
    const answer = await askWhole(upstream, { protocol, path: protocol.path, body, headers, signal })
    enter(place, asked, protocol.usageOf(answer))
    return protocol.factsOf(answer).text
  })
}
