/**
 * The service over an embedded store, and beside it bare Fastify routes that answer one fixed text after the same
 * check of the token, in one process: one with the whole check, which looks the user up, one with the signature alone.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { openDatabase } from '@reprise/database'
import { createLogger, createService, loadSettings, serviceUserSpace } from '@reprise/service'
import { createVerifier } from 'fast-jwt'
import Fastify from 'fastify'
import { z } from 'zod'
import { serve } from './child.ts'
import { processor } from './processor.ts'

const secret = 'a secret of a benchmark, of more than 32 characters'
const spaces = Array.from({ length: 10 }, (_, at) =>
  defineSpace({ name: `space_${at}`, key: `space_${at}:{id}`, schema: z.json(), ttl: '1h' }),
)

/** Starts both; entries are spread over ten spaces. */
async function start(entries: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }))
  // One client asks more in a second than a limit per minute allows.
  const env = { DATA_DIR: dataDir, PORT: '0', JWT_SECRET: secret, LOG_LEVEL: 'silent', RATE_LIMIT: '0' }
  const settings = loadSettings({ env, cwd: dataDir })
  const database = await openDatabase({ dataDir: join(dataDir, 'database') })
  const catalog = defineCatalog({ prefix: 'bench', spaces: [...spaces, serviceUserSpace] })
  const cache = await createCache({
    catalog,
    tiers: [sqlTier({ database })],
    log: sqlLog({ database, catalog: 'bench' }),
  })
  for (const [at, space] of spaces.entries()) {
    const ids = Array.from({ length: Math.ceil(entries / spaces.length) }, (_, id) => id)
    for (let from = 0; from < ids.length; from += 500)
      await cache.open(space).setMany(
        ids.slice(from, from + 500).map((id) => ({
          params: { id },
          value: { answer: `text ${at} ${id}`.repeat(8), scores: [0.1, 0.9] },
        })),
      )
    await cache.open(space).get({ id: 0 })
  }
  const service = await createService({
    cache,
    database,
    settings,
    logger: createLogger({ level: 'silent' }),
  })
  await service.users.ensure('the-operator', 'operator')
  const token = await service.issueToken('the-operator')
  const bare = Fastify({ logger: false })
  const body = { success: true, data: { status: 'ok' }, message: 'OK' }
  const verify = createVerifier({ key: secret, cache: 1_000, cacheTTL: 60_000 })
  bare.get('/checked', {
    onRequest: async ({ headers }) => void (await service.app.authenticate(headers.authorization)),
    handler: async () => body,
  })
  bare.get('/signature', {
    onRequest: async ({ headers }) => void verify((headers.authorization ?? '').slice('Bearer '.length)),
    handler: async () => body,
  })
  await Promise.all([service.app.listen({ port: 0 }), bare.listen({ port: 0 })])
  const portOf = (app: { server: { address(): unknown } }): number =>
    (app.server.address() as AddressInfo).port
  return { token, service: portOf(service.app), bare: portOf(bare) }
}

const services = { start, processor }
export type HttpServer = typeof services

serve(services)
