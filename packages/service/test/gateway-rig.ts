import Anthropic from '@anthropic-ai/sdk'
import { type Ledger, createLedger, embeddingSpace, modelCallSpace, somePrices } from '@reprise/ai'
import { createCache, defineCatalog } from '@reprise/cache'
import type { Cache, CacheOptions } from '@reprise/cache'
import type { Database } from '@reprise/database'
import OpenAI from 'openai'
import type { GatewayOptions } from '../src/gateway/gateway-options.ts'
import { type ModelUpstream, startModelUpstream } from './model-upstream.ts'
import { type TestService, startService } from './start-service.ts'

/** A gateway before a stand-in upstream, with the official clients set to it. */
export interface GatewayRig {
  readonly cache: Cache
  readonly upstream: ModelUpstream
  readonly running: TestService
  readonly ledger: Ledger
  readonly baseUrl: string
  /** The tenant of the clients; `renew` makes another. */
  readonly tenant: string
  readonly openai: OpenAI
  readonly anthropic: Anthropic
  /** A client of a tenant. */
  openaiOf(tenant: string): OpenAI
  /** Begins anew: a tenant without answers, and an upstream that was asked nothing. */
  renew(): void
  stop(): Promise<void>
}

/** Starts one; each has a cache of its own. */
export async function startGateway(
  gateway: (upstream: ModelUpstream) => GatewayOptions = gatewayOver,
  options: { readonly cache?: Partial<CacheOptions>; readonly database?: Database } = {},
): Promise<GatewayRig> {
  const upstream = await startModelUpstream()
  const catalog = defineCatalog({
    prefix: 'gateway',
    spaces: [modelCallSpace({ ttl: '1h' }), embeddingSpace({ ttl: '1h' })],
  })
  const cache = await createCache({ catalog, sweepEvery: 0, ...options.cache })
  const ledger = createLedger({ prices: somePrices() })
  const database = options.database === undefined ? {} : { database: options.database }
  const running = await startService({ ...database, service: { cache, gateway: gateway(upstream), ledger } })
  const address = await running.service.listen()
  const apiKey = await running.token('operator')
  const baseUrl = `${address}/v1`
  const openaiOf = (tenant: string): OpenAI =>
    new OpenAI({ apiKey, baseURL: baseUrl, maxRetries: 0, defaultHeaders: { 'x-reprise-tenant': tenant } })
  const anthropicOf = (tenant: string): Anthropic =>
    new Anthropic({
      apiKey,
      baseURL: address,
      maxRetries: 0,
      defaultHeaders: { 'x-reprise-tenant': tenant },
    })
  let number = 0
  const clients = () => {
    number += 1
    const tenant = `shop-${number}`
    return { tenant, openai: openaiOf(tenant), anthropic: anthropicOf(tenant) }
  }
  let current = clients()
  return {
    cache,
    upstream,
    running,
    ledger,
    baseUrl,
    get tenant() {
      return current.tenant
    },
    get openai() {
      return current.openai
    },
    get anthropic() {
      return current.anthropic
    },
    openaiOf,
    renew() {
      current = clients()
      upstream.renew()
    },
    async stop() {
      await running.stop()
      await cache.close()
      await upstream.close()
    },
  }
}

/** One upstream of each kind, at the same place. */
export function gatewayOver({ baseUrl }: ModelUpstream): GatewayOptions {
  return {
    upstreams: [
      { name: 'openai', kind: 'openai', baseUrl, apiKey: 'upstream-secret' },
      { name: 'anthropic', kind: 'anthropic', baseUrl, apiKey: 'upstream-secret' },
    ],
  }
}
