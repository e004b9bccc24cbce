import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant, lineOf } from './text-fields.ts'

/** What is shown of an access token: never the token. Counts and failures are those of the process that answers. */
export const accessToken = z.strictObject({
  channel: z.string(),
  app_id: z.string(),
  state: z
    .enum(['fresh', 'due', 'failing', 'missing'])
    .describe('due: to be renewed now; failing: the last fetch failed; missing: nothing is kept'),
  fingerprint: z.string().nullable().describe('Eight characters of its SHA-256, to tell two tokens apart'),
  fetched_at: instant.nullable().describe('When the one that is kept was fetched, by whichever process'),
  expires_at: instant.nullable(),
  seconds_left: z.number().nonnegative().nullable(),
  renews_at: instant.nullable().describe('When this process would renew it'),
  fetches: count.describe('Tokens that this process fetched'),
  failures: count.describe('Fetches of this process that failed'),
  last_error: z
    .strictObject({
      code: z.string(),
      platform_code: z.string().nullable(),
      message: z.string(),
      at: instant,
    })
    .nullable()
    .describe('Of the last fetch, while no later one succeeded'),
})

const params = z.strictObject({ channel: lineOf(100), app_id: lineOf(100) })
const failure = '令牌操作失败'

/** Access tokens (row C1); there where the application has given its tokens to the service. */
export const tokenRoutes = {
  tokenList: {
    id: 'tokenList',
    method: 'GET',
    path: '/api/v1/tokens',
    summary: 'The access tokens that are kept or configured, by channel and application, without the tokens',
    role: 'viewer',
    tag: 'tokens',
    data: z.strictObject({ items: z.array(accessToken) }),
    failure,
  },
  tokenRenew: {
    id: 'tokenRenew',
    method: 'POST',
    path: '/api/v1/tokens/:channel/:app_id/renew',
    summary: 'Fetch the next token now; the one that is kept is served meanwhile',
    role: 'operator',
    tag: 'tokens',
    audit: 'token.renew',
    params,
    data: accessToken,
    failure,
  },
  tokenDrop: {
    id: 'tokenDrop',
    method: 'DELETE',
    path: '/api/v1/tokens/:channel/:app_id',
    summary: 'Forget a token that the platform refuses; the next call fetches one',
    role: 'admin',
    tag: 'tokens',
    audit: 'token.drop',
    params,
    query: z.strictObject({
      fingerprint: z
        .string()
        .regex(/^[0-9a-f]{8}$/, 'Give the eight characters that the list shows')
        .optional()
        .describe('Drops only this very token, not one that has come in its place'),
    }),
    data: z.strictObject({ dropped: z.boolean() }),
    failure,
  },
} as const satisfies Record<string, Route>
