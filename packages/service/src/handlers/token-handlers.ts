import { type DataOf, type Routes, routes } from '@reprise/api'
import type { TokenState, Tokens } from '@reprise/tokens'
import type { FastifyInstance } from 'fastify'
import { registerRoute } from '../http/register-route.ts'

/** What the service does with an application's access tokens; no token passes through here. */
export type OperatedTokens = Pick<Tokens, 'states' | 'renew' | 'drop' | 'delete'>

/** Registers the routes of access tokens (row C1). */
export function registerTokenRoutes(
  app: FastifyInstance,
  tokens: OperatedTokens,
  { now }: { readonly now: () => number },
): void {
  registerRoute(app, routes.tokenList, async () => {
    const states = await tokens.states()
    const items = states.map((state) => describe(state, now()))
    return { data: { items: items.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))) } }
  })
  registerRoute(app, routes.tokenRenew, async ({ params: { channel, app_id: appId } }) => ({
    data: describe(await tokens.renew({ channel, appId }), now()),
  }))
  registerRoute(app, routes.tokenDrop, async ({ params: { channel, app_id: appId }, query, audit }) => {
    const ref = { channel, appId }
    const { fingerprint } = query
    const dropped = fingerprint === undefined ? await tokens.delete(ref) : await tokens.drop(ref, fingerprint)
    audit.tell({ dropped })
    return { data: { dropped } }
  })
}

type Described = DataOf<Routes['tokenRenew']>

const nameOf = ({ channel, app_id: id }: Described): string => `${channel}:${id}`

const instant = (time: number | undefined): string | null =>
  time === undefined || !Number.isFinite(time) ? null : new Date(time).toISOString()

function describe(state: TokenState, now: number): Described {
  const { channel, appId, kept, lastError } = state
  const left = kept === undefined ? Infinity : Math.max(0, kept.expiresAt - now) / 1_000
  return {
    channel,
    app_id: appId,
    state: state.state,
    fingerprint: kept?.fingerprint ?? null,
    fetched_at: instant(kept?.createdAt),
    expires_at: instant(kept?.expiresAt),
    seconds_left: left === Infinity ? null : left,
    renews_at: instant(kept?.renewsAt),
    fetches: state.fetches,
    failures: state.failures,
    last_error:
      lastError === undefined
        ? null
        : {
            code: lastError.code,
            platform_code: lastError.platformCode === undefined ? null : String(lastError.platformCode),
            message: lastError.message,
            at: new Date(lastError.at).toISOString(),
          },
  }
}
