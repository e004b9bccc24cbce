import type { BaseCache, CacheFullKey, CacheNamespace } from '@langchain/langgraph-checkpoint'
import { type Cache, type Space, type Ttl, defineSpace } from '@reprise/cache'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { AiError, quote } from '../errors.ts'
import { framedDigest } from '../key/digest.ts'

const key = 'langgraph:{tenant}:{namespace}:{digest}'

/** The result of a node as LangGraph's serializer wrote it: the name of the encoding, and the bytes as base64. */
export interface StoredResult {
  readonly encoding: string
  readonly data: string
}

/** The space of results of LangGraph.js. */
export type LangGraphSpace = Space<'langgraph', typeof key, StoredResult>

/** Declares the space of results of LangGraph.js; `ttl` is for those whose cache policy has none. */
export function langgraphSpace({
  ttl,
}: {
  readonly ttl: Exclude<Ttl, (...args: never) => unknown>
}): LangGraphSpace {
  return defineSpace({
    name: 'langgraph',
    key,
    requires: ['tenant', 'namespace', 'digest'],
    schema,
    ttl,
    maxValueBytes: 64 * 1_048_576,
  })
}

const schema: StandardSchemaV1<StoredResult> = {
  '~standard': {
    version: 1,
    vendor: 'reprise',
    validate: (value: unknown) =>
      typeof value === 'object' && value !== null && 'encoding' in value && 'data' in value
        ? { value: value as StoredResult }
        : { issues: [{ message: 'this is not a result with "encoding" and "data"' }] },
  },
}

/** What the cache of LangGraph.js takes. */
export interface LangGraphCacheOptions {
  /** Its catalog has `langgraphSpace`. */
  readonly cache: Cache
  /** Whose graphs these are: results are never shared between tenants. */
  readonly tenant: string
}

/**
 * A `BaseCache` of LangGraph.js over every tier of a cache, Redis among them: `graph.compile({ cache: await langgraphCache({ cache,
 * tenant }) })`. A graph never fails because of `get` and `set`; `clear` rejects when it is not known to have happened.
 * @throws E_CALL_OPTION, E_SPACE_UNKNOWN when it is made
 */
export async function langgraphCache<Value = unknown>({
  cache,
  tenant,
}: LangGraphCacheOptions): Promise<BaseCache<Value>> {
  if (typeof tenant !== 'string' || tenant === '')
    throw new AiError('E_CALL_OPTION', `tenant is ${quote(tenant)}; name whose graphs these are`)
  const { BaseCache: Base } = await import('@langchain/langgraph-checkpoint')
  const handle = cache.open(langgraphSpace({ ttl: '1d' }))
  const namespaceOf = (namespace: CacheNamespace): string =>
    framedDigest(namespace.map((name): [string, string] => ['name', name]))
  const paramsOf = ([namespace, name]: CacheFullKey) => ({
    tenant,
    namespace: namespaceOf(namespace),
    digest: framedDigest([['key', name]]),
  })
  const tagOf = (namespace?: string): string =>
    `langgraph:${framedDigest([['tenant', tenant]])}:${namespace ?? '*'}`

  class LangGraphCache extends Base<Value> {
    async get(keys: CacheFullKey[]): Promise<{ key: CacheFullKey; value: Value }[]> {
      const found = await handle.getMany(keys.map(paramsOf)).catch(() => [])
      const values = await Promise.all(
        keys.map(async (name, at) => {
          const stored = found[at]
          if (stored === undefined) return []
          try {
            const data = Buffer.from(stored.data, 'base64')
            return [{ key: name, value: (await this.serde.loadsTyped(stored.encoding, data)) as Value }]
          } catch {
            return []
          }
        }),
      )
      return values.flat()
    }

    async set(pairs: { key: CacheFullKey; value: Value; ttl?: number }[]): Promise<void> {
      await Promise.allSettled(
        pairs.map(async ({ key: name, value, ttl }) => {
          const params = paramsOf(name)
          const [encoding, bytes] = await this.serde.dumpsTyped(value)
          await handle.set(
            params,
            { encoding, data: Buffer.from(bytes).toString('base64') },
            { tags: [tagOf(), tagOf(params.namespace)], ...(ttl === undefined ? {} : { ttl: ttl * 1_000 }) },
          )
        }),
      )
    }

    async clear(namespaces: CacheNamespace[]): Promise<void> {
      const tags = namespaces.length === 0 ? [tagOf()] : namespaces.map((one) => tagOf(namespaceOf(one)))
      await cache.invalidate({ tags })
    }
  }
  return new LangGraphCache()
}
