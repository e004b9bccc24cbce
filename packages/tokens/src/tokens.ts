import { type Cache, type Clock, type Duration, type Random, milliseconds, systemClock } from '@reprise/cache'
import type { AccessTokenSpace } from './catalog.ts'
import { type CoWechatStore, coWechatStore } from './co-wechat.ts'
import { TokenError } from './errors.ts'
import { plainFailure, tokenLoader } from './fetch-token.ts'
import { createHandedOut } from './handed-out.ts'
import { type Holder, checkRef, createHolder } from './holder.ts'
import { type LifeOptions, readLifeOptions } from './life.ts'
import { type TokenItem, listTokens } from './list.ts'
import type { Token, TokenProvider, TokenRef } from './provider.ts'
import { createReject } from './reject.ts'
import { createRenewal } from './renewal.ts'
import { type TokenState, fingerprintOf, stateOf } from './states.ts'
import { callWithToken } from './with-token.ts'

/** Options of `createTokens`. */
export interface TokensOptions extends LifeOptions {
  /** Its catalog has the space `access_token`, as `assistantCatalog()` does. */
  readonly cache: Cache
  /** One for each channel. */
  readonly providers: readonly TokenProvider[]
  /** @default the machine's clock; give the cache the same */
  readonly clock?: Clock
  /** @default Math.random */
  readonly random?: Random
  /** How often renewal looks again at a token that is due and could not be fetched. @default '5s' */
  readonly retryEvery?: Duration
  /** Renewal leaves a token to end that nobody asked this process for so long. @default '1d' */
  readonly idleAfter?: Duration
}

/** Access tokens (row C1). Any call throws E_TOKEN_UNKNOWN for a channel without a provider. */
export interface Tokens {
  /**
   * The token of an application: fetched once in the whole cluster, served from memory, renewed in the background.
   * @throws TokenError: E_TOKEN_CREDENTIALS, E_TOKEN_LIMITED, E_TOKEN_PLATFORM, E_TOKEN_UNREACHABLE, E_TOKEN_BACKOFF, E_TOKEN_UNKNOWN
   */
  get(ref: TokenRef): Promise<string>
  /** The same with its end. */
  read(ref: TokenRef): Promise<Token>
  /**
   * Runs a call with a token. Where the platform refuses it (40001, 40014, 42001, or what the provider knows), by the
   * answer or by an error, the token is dropped by value and the call is run once more with the next.
   */
  withToken<T>(ref: TokenRef, call: (token: string) => T | Promise<T>): Promise<T>
  /** Drops a token that the platform refused, where the store still holds this very value; true when it did. */
  reject(value: string): Promise<boolean>
  /** Forgets an application's token; true when there was one. The platform is not told. */
  delete(ref: TokenRef): Promise<boolean>
  /** What is kept, without the tokens. */
  list(): Promise<readonly TokenItem[]>
  /** How each token stands that is kept, configured or in use here: its state, the fetches of this process and their last failure. */
  states(): Promise<readonly TokenState[]>
  /** Fetches the next token of an application now, while the one that is kept is served. @throws as `get` */
  renew(ref: TokenRef): Promise<TokenState>
  /** Forgets the token of an application where it is the one of this fingerprint; true when it did. */
  drop(ref: TokenRef, fingerprint: string): Promise<boolean>
  /** Renews the tokens in use before they end. With `warm`, fetches those of every configured application, or of some, first. */
  start(options?: { readonly warm?: boolean | readonly TokenRef[] }): Promise<void>
  /** Ends renewal; tokens can still be read. */
  stop(): void
  /** The hooks of co-wechat-api for an application. */
  coWechatStore(ref: TokenRef): CoWechatStore
}

/**
 * Tokens over a cache.
 * @throws E_TOKEN_OPTION; E_SPACE_UNKNOWN where the catalog has no space of tokens
 */
export function createTokens(options: TokensOptions): Tokens {
  const { cache, clock = systemClock, random = Math.random } = options
  const life = readLifeOptions(options)
  const space = cache.open(cache.catalog.find('access_token').space as AccessTokenSpace)
  const providers = byChannel(options.providers)
  const holders = new Map<string, Holder>()
  const handedOut = createHandedOut()
  const renewal = createRenewal({
    clock,
    retryEvery: milliseconds(options.retryEvery ?? '5s', 'retryEvery'),
    idleAfter: milliseconds(options.idleAfter ?? '1d', 'idleAfter'),
  })
  const configured = (): readonly TokenRef[] =>
    [...providers.values()].flatMap(({ channel, appIds }) => appIds.map((appId) => ({ channel, appId })))
  const reject = createReject({
    handedOut,
    suspects: () => [...holders.values(), ...configured().map(holderOf)],
    holderOf,
  })

  function providerOf({ channel }: TokenRef): TokenProvider {
    const provider = providers.get(channel)
    if (provider !== undefined) return provider
    throw new TokenError(
      'E_TOKEN_UNKNOWN',
      `there is no provider for the channel "${channel}"; there are ${[...providers.keys()].join(', ') || 'none'}`,
    )
  }

  function holderOf(ref: TokenRef): Holder {
    checkRef(ref)
    const { channel, appId } = ref
    const key = space.key({ channel, app_id: appId })
    const known = holders.get(key)
    if (known !== undefined) return known
    const own = Object.freeze({ channel, appId })
    const find = async () => holder.find()
    const load = providers.has(channel)
      ? tokenLoader(providerOf(own), own, { clock, handedOut, find })
      : () => {
          throw new TokenError('E_TOKEN_UNKNOWN', `there is no provider for the channel "${channel}"`)
        }
    const holder = createHolder(own, { space, load, life, draw: random(), now: () => clock.now() })
    holders.set(key, holder)
    return holder
  }

  async function get(ref: TokenRef): Promise<string> {
    providerOf(ref)
    const holder = holderOf(ref)
    holder.usedAt = clock.now()
    renewal.watch(holder)
    try {
      const value = await holder.get()
      if (holder.last !== value) handedOut.note((holder.last = value), holder.ref)
      return value
    } catch (error) {
      throw plainFailure(error, ref)
    }
  }

  async function read(ref: TokenRef): Promise<Token> {
    const value = await get(ref)
    const kept = await holderOf(ref).find()
    return { value, expiresAt: kept?.value === value ? kept.freshUntil : clock.now() }
  }

  const tokens: Tokens = {
    get,
    read,
    withToken: async (ref, call) =>
      callWithToken(providerOf(ref), { get: async () => get(ref), reject }, call),
    reject,
    delete: async (ref) => {
      checkRef(ref)
      return space.delete({ channel: ref.channel, app_id: ref.appId })
    },
    list: async () => listTokens(space, holderOf),
    async states() {
      const kept = await listTokens(space, holderOf)
      const all = new Set([...configured().map(holderOf), ...kept.map(holderOf), ...holders.values()])
      return Promise.all([...all].map((holder) => stateOf(holder, clock.now())))
    },
    async renew(ref) {
      providerOf(ref)
      const holder = holderOf(ref)
      try {
        await holder.renewNow()
      } catch (error) {
        throw plainFailure(error, ref)
      }
      return stateOf(holder, clock.now())
    },
    async drop(ref, fingerprint) {
      const holder = holderOf(ref)
      const kept = await holder.find()
      return kept !== undefined && fingerprintOf(kept.value) === fingerprint && holder.remove(kept)
    },
    async start({ warm = false } = {}) {
      renewal.start()
      for (const holder of holders.values()) renewal.watch(holder)
      const refs = warm === true ? configured() : warm === false ? [] : warm
      const jobs = refs.map((ref) => ({ name: `${ref.channel}:${ref.appId}`, run: async () => get(ref) }))
      await cache.warm(jobs)
    },
    stop: () => renewal.stop(),
    coWechatStore: (ref) =>
      coWechatStore({
        now: () => clock.now(),
        read: async () => read(ref),
        async find() {
          const kept = await holderOf(ref).find()
          return kept && { value: kept.value, expiresAt: kept.freshUntil }
        },
        reject,
        async set({ value, expiresAt }) {
          await space.set({ channel: ref.channel, app_id: ref.appId }, value, {
            ttl: expiresAt - clock.now(),
          })
        },
      }),
  }
  return tokens
}

function byChannel(providers: readonly TokenProvider[]): ReadonlyMap<string, TokenProvider> {
  const found = new Map<string, TokenProvider>()
  for (const provider of providers) {
    checkRef({ channel: provider.channel, appId: '-' })
    if (found.has(provider.channel)) {
      throw new TokenError(
        'E_TOKEN_OPTION',
        `there are two providers for the channel "${provider.channel}"; give one of them a channel of its own`,
      )
    }
    found.set(provider.channel, provider)
  }
  return found
}
