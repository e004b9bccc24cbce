import { type Cache, createCache } from '@reprise/cache'
import { type FakeClock, createFakeClock } from '@reprise/cache/testing'
import {
  type AssistantCatalogOptions,
  type TokenProvider,
  type Tokens,
  type TokensOptions,
  assistantCatalog,
  clientCredentials,
  createTokens,
  dingtalk,
  wechat,
  wecom,
} from '@reprise/tokens'
import { type StandInOptions, type StandInPlatform, startStandIn } from '@reprise/tokens/testing'

/** A platform, a cache and tokens on one clock that only moves when told to. */
export interface Rig {
  readonly clock: FakeClock
  readonly platform: StandInPlatform
  readonly cache: Cache
  readonly tokens: Tokens
  readonly providers: readonly TokenProvider[]
  /** Moves time on in steps, with every request to the platform ended after each. */
  pass(milliseconds: number, step?: number): Promise<void>
  /** Moves time on until something has settled, and gives it. */
  over<T>(promise: Promise<T>): Promise<T>
  /** Waits until no request is under way. */
  idle(): Promise<void>
  end(): Promise<void>
}

/** The secret of an application. */
export const secretOf = (id: string): string => `secret-of-${id}-0123456789abcdef0123456789abcdef`

/** What a rig may differ in. */
export interface RigOptions extends Partial<Omit<TokensOptions, 'cache' | 'clock'>> {
  readonly standIn?: Omit<StandInOptions, 'clock'>
  readonly catalog?: AssistantCatalogOptions
}

/** Starts a rig: `wx1` at WeChat, `ww1:1` and `ww1:2` of one corporation, `ding1`, and `client1`. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const { standIn, catalog, ...rest } = options
  const clock = createFakeClock()
  const platform = await startStandIn({ clock, ...standIn })
  const cache = await createCache({
    catalog: assistantCatalog(catalog),
    clock,
    random: () => 0.5,
    sweepEvery: 0,
  })
  let pending = 0
  const counted: typeof fetch = async (...given) => {
    pending += 1
    try {
      return await fetch(...given)
    } finally {
      pending -= 1
    }
  }
  const at = (name: 'wechat' | 'wecom' | 'dingtalk') => ({ baseUrl: platform.address(name), fetch: counted })
  const providers = options.providers ?? [
    wechat({ apps: { wx1: { secret: secretOf('wx1') } }, ...at('wechat') }),
    wecom({
      apps: {
        'ww1:1': { corpId: 'ww1', secret: secretOf('ww1:1') },
        'ww1:2': { corpId: 'ww1', secret: secretOf('ww1:2') },
      },
      ...at('wecom'),
    }),
    dingtalk({ apps: { ding1: { secret: secretOf('ding1') } }, ...at('dingtalk') }),
    clientCredentials({
      channel: 'graph',
      tokenUrl: `${platform.address('oauth')}/token`,
      apps: { client1: { clientId: 'client1', secret: secretOf('client1') } },
      fetch: counted,
    }),
  ]
  const tokens = createTokens({ cache, clock, random: () => 0.5, ...rest, providers })
  const idle = async (): Promise<void> => {
    do await clock.settle()
    while (pending > 0)
  }
  return {
    clock,
    platform,
    cache,
    tokens,
    providers,
    idle,
    async pass(milliseconds, step = 1_000) {
      for (let left = milliseconds; left > 0; left -= step) {
        await clock.advance(Math.min(left, step))
        await idle()
      }
    },
    async over(promise) {
      let done = false
      const end = (): void => void (done = true)
      promise.then(end, end)
      for (await idle(); !done; await idle()) await clock.advance(500)
      return promise
    },
    async end() {
      tokens.stop()
      await cache.close()
      await platform.close()
    },
  }
}
