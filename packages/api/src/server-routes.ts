import { z } from 'zod'
import type { Route } from './route.ts'
import { count, instant } from './text-fields.ts'

const amount = z.number().nonnegative()

/** Figures of the Redis or Valkey server itself (row C5); sizes are bytes. */
export const serverFigures = z.strictObject({
  product: z.string(),
  version: z.string(),
  role: z.string(),
  uptime_seconds: amount,
  nodes: count.describe('How many servers the figures are the sum of'),
  memory: z.strictObject({
    used_bytes: amount,
    peak_bytes: amount,
    max_bytes: amount.nullable().describe('null for no bound'),
    policy: z.string(),
  }),
  clients: z.strictObject({ connected: count, blocked: count }),
  commands: z.strictObject({
    processed: count,
    per_second: amount,
    key_hits: count,
    key_misses: count,
    hit_rate: z.number().min(0).max(1),
  }),
  keys: z.strictObject({ evicted: count, expired: count }),
})

/** One setting as it is in force. */
export const effectiveSetting = z.strictObject({
  key: z.string().describe('Its place in config.yaml'),
  env: z.string().nullable().describe('Its environment variable'),
  value: z.json().describe('null where nothing is set, and for secrets'),
  source: z.enum(['environment', 'file', 'default', 'unset']),
  secret: z.boolean().describe('Its value is not shown'),
  allowed: z.string(),
})

/** The server of the shared store, and the settings of the process. */
export const serverRoutes = {
  serverFigures: {
    id: 'serverFigures',
    method: 'GET',
    path: '/api/v1/server',
    summary: 'Memory, clients and commands of Redis, or why there are none',
    role: 'viewer',
    tag: 'system',
    data: z.strictObject({
      available: z.boolean(),
      reason: z.string().nullable().describe('Why there are no figures'),
      server: serverFigures.nullable(),
      asked_at: instant,
    }),
  },
  settings: {
    id: 'settings',
    method: 'GET',
    path: '/api/v1/settings',
    summary: 'The settings in force and where each comes from; secrets are not shown',
    role: 'admin',
    tag: 'system',
    data: z.strictObject({ config_file: z.string().nullable(), items: z.array(effectiveSetting) }),
  },
} as const satisfies Record<string, Route>
