import { type DataOf, type Routes, routes } from '@reprise/api'
import { type Cache, RepriseError, type ServerFigures } from '@reprise/cache'
import type { FastifyInstance } from 'fastify'
import { registerRoute } from '../http/register-route.ts'
import type { Settings } from '../settings/settings.ts'

type Shown = DataOf<Routes['serverFigures']>
type ShownSetting = DataOf<Routes['settings']>['items'][number]

/** Registers what the server of the shared store tells about itself (row C5), and the settings in force. */
export function registerServerRoutes(
  app: FastifyInstance,
  options: { readonly cache: Cache; readonly settings: Settings; readonly now: () => number },
): void {
  const { cache, settings, now } = options
  registerRoute(app, routes.serverFigures, async () => {
    const asked_at = new Date(now()).toISOString()
    const without = (reason: string): { data: Shown } => ({
      data: { available: false, reason, server: null, asked_at },
    })
    try {
      const figures = await cache.server()
      return figures === undefined
        ? without('No Redis is configured: entries are in this process and its database')
        : { data: { available: true, reason: null, server: showServer(figures), asked_at } }
    } catch (error) {
      if (!RepriseError.is(error, 'E_TIER_READ')) throw error
      return without(error.message)
    }
  })
  registerRoute(app, routes.settings, () => ({
    data: {
      config_file: settings.configFile ?? null,
      items: (settings.shown ?? []).map((row) => ({ ...row, value: row.value as ShownSetting['value'] })),
    },
  }))
}

function showServer(figures: ServerFigures): NonNullable<Shown['server']> {
  const { product, version, role, uptime, nodes, memory, clients, commands, keys } = figures
  const lookups = commands.keyHits + commands.keyMisses
  return {
    product,
    version,
    role,
    uptime_seconds: uptime / 1_000,
    nodes,
    memory: {
      used_bytes: memory.used,
      peak_bytes: memory.peak,
      max_bytes: memory.max === 0 ? null : memory.max,
      policy: memory.policy,
    },
    clients: { ...clients },
    commands: {
      processed: commands.processed,
      per_second: commands.perSecond,
      key_hits: commands.keyHits,
      key_misses: commands.keyMisses,
      hit_rate: lookups === 0 ? 0 : commands.keyHits / lookups,
    },
    keys: { ...keys },
  }
}
