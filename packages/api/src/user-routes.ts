import { z } from 'zod'
import { userRole } from './auth-routes.ts'
import type { Route } from './route.ts'
import { instant, lineOf, queryNumber } from './text-fields.ts'

const tenant = lineOf(100)

/** A user of the operations API. */
export const user = z.strictObject({
  id: z.string(),
  username: z.string(),
  role: userRole,
  tenant: z.string().nullable().describe('The only tenant that it sees; null for all'),
  is_active: z.boolean(),
  must_change_password: z.boolean(),
  created_at: instant,
  last_login_at: instant.nullable(),
})

/** A token of a program, without its secret. */
export const apiToken = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: userRole,
  tenant: z.string().nullable(),
  created_by: z.string(),
  created_at: instant,
  expires_at: instant,
  last_used_at: instant.nullable().describe('To the minute'),
})

const listed = { limit: queryNumber(1, 200, 50) }
const params = z.strictObject({ user_id: z.string().regex(/^\d{1,18}$/, 'Give the id of a user') })
const withPassword = z.strictObject({
  user,
  one_time_password: z.string().describe('Good for one login, and shown only here'),
})

/** Users and tokens of programs (row B3). An administrator who is bound to a tenant has those of the tenant. */
export const userRoutes = {
  users: {
    id: 'users',
    method: 'GET',
    path: '/api/v1/users',
    summary: 'Users, in the order they were made',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    query: z.strictObject({
      ...listed,
      tenant: tenant.optional(),
      cursor: z
        .string()
        .regex(/^\d{1,18}$/, 'Give the next_cursor of the page before')
        .optional(),
    }),
    data: z.strictObject({ items: z.array(user), next_cursor: z.string().nullable() }),
  },
  userCreate: {
    id: 'userCreate',
    method: 'POST',
    path: '/api/v1/users',
    summary: 'Make a user with a password for one login',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'users.create',
    body: z.strictObject({ username: lineOf(100), role: userRole, tenant: tenant.optional() }),
    data: withPassword,
  },
  userChange: {
    id: 'userChange',
    method: 'PATCH',
    path: '/api/v1/users/:user_id',
    summary: 'Give a user another role or tenant, shut it out or let it in; every process knows at once',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'users.change',
    params,
    body: z
      .strictObject({
        role: userRole.optional(),
        is_active: z.boolean().optional(),
        tenant: tenant.nullable().optional(),
      })
      .refine((values) => Object.keys(values).length > 0, 'Give at least one field to change'),
    data: z.strictObject({ user }),
  },
  userPassword: {
    id: 'userPassword',
    method: 'POST',
    path: '/api/v1/users/:user_id/password',
    summary: 'Set a password for one login; all tokens of the user end',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'users.password',
    params,
    data: withPassword,
  },
  userSessionsEnd: {
    id: 'userSessionsEnd',
    method: 'DELETE',
    path: '/api/v1/users/:user_id/sessions',
    summary: 'End all sessions and tokens of a user, in every process at once',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'users.revoke',
    params,
    data: z.strictObject({ user }),
  },
  userRemove: {
    id: 'userRemove',
    method: 'DELETE',
    path: '/api/v1/users/:user_id',
    summary: 'Remove a user; what it did stays in the operation log',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'users.remove',
    params,
    data: z.strictObject({ user }),
  },
  apiTokens: {
    id: 'apiTokens',
    method: 'GET',
    path: '/api/v1/api-tokens',
    summary: 'Tokens of programs, without their secrets',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    query: z.strictObject({ ...listed, cursor: z.uuid().optional() }),
    data: z.strictObject({ items: z.array(apiToken), next_cursor: z.string().nullable() }),
  },
  apiTokenCreate: {
    id: 'apiTokenCreate',
    method: 'POST',
    path: '/api/v1/api-tokens',
    summary: 'Make a token for a program',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'api_tokens.create',
    body: z.strictObject({
      name: lineOf(100),
      role: userRole,
      tenant: tenant.optional(),
      days: z.number().int().min(1).max(3650).default(90).describe('Days until it is over'),
    }),
    data: z.strictObject({ api_token: apiToken, token: z.string().describe('Shown only here') }),
  },
  apiTokenRemove: {
    id: 'apiTokenRemove',
    method: 'DELETE',
    path: '/api/v1/api-tokens/:token_id',
    summary: 'Remove a token of a program: it stops working at once',
    role: 'admin',
    tag: 'users',
    tenantBound: true,
    audit: 'api_tokens.remove',
    params: z.strictObject({ token_id: z.uuid() }),
    data: z.strictObject({ api_token: apiToken }),
  },
} as const satisfies Record<string, Route>
