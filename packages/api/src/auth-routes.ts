import { z } from 'zod'
import type { Route } from './route.ts'
import { instant, lineOf } from './text-fields.ts'

/** The roles that a user can have. */
export const userRole = z.enum(['viewer', 'operator', 'admin'])

/** A password that is to be set: 8 to 200 characters. */
export const newPassword = lineOf(200).min(8)

/** The data of a login: a bearer token and whose it is. */
export const session = z.strictObject({
  token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().positive().describe('Seconds until the token expires'),
  refresh_token: z.string().describe('Good for one use: the answer has the next one'),
  refresh_expires_in: z.number().int().positive().describe('Seconds in which it has to be used'),
  user: z.strictObject({
    username: z.string(),
    role: userRole,
    tenant: z.string().nullable().describe('The only tenant that it sees; null for all'),
  }),
  must_change_password: z.boolean().describe('The password was good for one login: set a lasting one now'),
})

/** Login and the caller's own account (row B3). */
export const authRoutes = {
  login: {
    id: 'login',
    method: 'POST',
    path: '/api/auth/login',
    summary: 'Get a token for a user name and a password',
    role: 'public',
    tag: 'auth',
    body: z.strictObject({ username: lineOf(100), password: lineOf(200) }),
    data: session,
    audit: 'auth.login',
  },
  refresh: {
    id: 'refresh',
    method: 'POST',
    path: '/api/auth/refresh',
    summary: 'Get new tokens for a refresh token; one that comes a second time ends its session',
    role: 'public',
    tag: 'auth',
    body: z.strictObject({ refresh_token: lineOf(200) }),
    data: session,
    audit: 'auth.refresh',
  },
  logout: {
    id: 'logout',
    method: 'POST',
    path: '/api/auth/logout',
    summary: "End the caller's session, or all of them: their tokens stop working at once, everywhere",
    role: 'viewer',
    tag: 'auth',
    body: z.strictObject({ everywhere: z.boolean().default(false) }),
    data: z.strictObject({}),
    audit: 'auth.logout',
    tenantBound: true,
  },
  changePassword: {
    id: 'changePassword',
    method: 'POST',
    path: '/api/auth/password',
    summary: "Set the caller's password; tokens issued before stop working and new ones are returned",
    role: 'viewer',
    tag: 'auth',
    body: z.strictObject({
      current_password: lineOf(200).optional().describe('Not needed after a login with a one-time password'),
      new_password: newPassword,
    }),
    data: session,
    audit: 'auth.password',
    tenantBound: true,
  },
  me: {
    id: 'me',
    method: 'GET',
    path: '/api/auth/me',
    summary: 'The caller',
    role: 'viewer',
    tag: 'auth',
    tenantBound: true,
    data: z.strictObject({
      id: z.string(),
      username: z.string(),
      role: userRole,
      tenant: z.string().nullable().describe('The only tenant that the caller sees; null for all'),
      created_at: instant.nullable(),
      last_login_at: instant.nullable(),
      must_change_password: z.boolean(),
    }),
  },
} as const satisfies Record<string, Route>
