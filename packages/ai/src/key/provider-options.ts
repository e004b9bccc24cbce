import type { ProviderOptionRules } from './request.ts'

/** Options that change who pays, what is logged or how bytes travel, and never the answer. */
const noise = new Set([
  'user',
  'metadata',
  'store',
  'safetyIdentifier',
  'serviceTier',
  'promptCacheKey',
  'promptCacheRetention',
  'cacheControl',
  'cachePoint',
  'gateway.only',
  'gateway.order',
  'gateway.user',
  'gateway.tags',
])

/** Options of the cache itself, which travel the same way. */
const own = 'reprise'

type Options = Readonly<Record<string, unknown>>

/** The options that belong to a key, without providers of which nothing is left; undefined when nothing is. */
export function keptOptions(
  given: Readonly<Record<string, Options>> | undefined,
  rules: ProviderOptionRules = {},
): Record<string, Options> | undefined {
  const { allow, leaveOut = [] } = rules
  const kept = (provider: string, name: string): boolean => {
    const full = `${provider}.${name}`
    if (allow !== undefined) return allow.includes(full)
    return ![name, full].some((one) => noise.has(one) || leaveOut.includes(one))
  }
  const left = Object.entries(given ?? {}).flatMap(([provider, options]) => {
    if (provider === own || typeof options !== 'object' || options === null) return []
    const members = Object.entries(options).filter(
      ([name, value]) => value !== undefined && kept(provider, name),
    )
    return members.length === 0 ? [] : [[provider, Object.fromEntries(members)] as const]
  })
  return left.length === 0 ? undefined : Object.fromEntries(left)
}
