import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { type Route, createClient, routes } from '@reprise/api'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '@reprise/database'
import { z } from 'zod'
import { HttpError } from '../src/http/http-error.ts'
import { createLogger } from '../src/logger.ts'
import { registerRoute } from '../src/http/register-route.ts'
import { type TestService, bearer, quotes, startService } from './start-service.ts'

let database: Database
let running: TestService | undefined
beforeAll(async () => {
  database = await openDatabase({})
})
afterEach(async () => {
  await running?.stop()
  running = undefined
})
afterAll(async () => database.close())

async function start(options: Parameters<typeof startService>[0] = {}): Promise<TestService> {
  running = await startService({ database, ...options })
  return running
}

const pause = {
  id: 'pause',
  method: 'GET',
  path: '/api/pause',
  summary: 'Waits until the test says so',
  role: 'public',
  tag: 'test',
  data: z.string(),
} as const

function deferred<T>() {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve }
}

test('health tells about the tiers and the database, and is 503 without it', async () => {
  const own = await openDatabase({})
  const { service } = await start({ database: own })
  const well = await service.app.inject('/health')
  expect(well.statusCode).toBe(200)
  expect(well.json()).toMatchObject({
    success: true,
    data: {
      status: 'ok',
      version: '0.1.0',
      tiers: [{ name: 'memory', reachable: true }],
      database: { engine: 'pglite', reachable: true },
    },
  })
  await own.close()
  const ill = await service.app.inject('/health')
  expect(ill.statusCode).toBe(503)
  expect(ill.json()).toMatchObject({
    success: false,
    data: { status: 'degraded', database: { reachable: false } },
  })
  const token = `Bearer ${'a'.repeat(10)}`
  expect(
    (await service.app.inject({ url: '/api/auth/me', headers: { authorization: token } })).statusCode,
  ).toBe(401)
})

test('a database that is away is 503 for whoever needs it', async () => {
  const own = await openDatabase({})
  const { service, token } = await start({ database: own })
  const headers = bearer(await token('viewer'))
  await own.close()
  const response = await service.app.inject({ url: '/api/auth/me', headers })
  expect(response.statusCode).toBe(503)
  expect(response.json()).toMatchObject({
    success: false,
    message: 'the database cannot be reached',
    status: 503,
    title: 'The database, or the transaction, has ended',
  })
})

test('metrics have the process, the requests, and the cache by space and tier as it is now', async () => {
  const { service, cache } = await start()
  const space = cache.open(quotes)
  await space.getOrLoad({ market: 'sh', symbol: '1' }, () => ({ price: 1 }))
  await space.get({ market: 'sh', symbol: '1' })
  await service.app.inject('/nowhere/1')
  await service.app.inject('/nowhere/2')
  await service.app.inject('/metrics')
  const response = await service.app.inject('/metrics')
  expect(response.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = response.body.split('\n')
  expect(lines).toContain('reprise_cache_hits_total{space="stock_quote",tier="memory"} 1')
  expect(lines).toContain('reprise_cache_misses_total{space="stock_quote"} 1')
  expect(lines).toContain('reprise_cache_loads_total{space="stock_quote"} 1')
  expect(lines).toContain('reprise_cache_tier_entries{tier="memory"} 1')
  expect(lines).toContain('reprise_cache_tier_reachable{tier="memory"} 1')
  expect(lines).toContain(
    'reprise_http_request_duration_seconds_count{method="GET",route="unknown",status="404"} 2',
  )
  expect(response.body).toMatch(/^process_cpu_seconds_total /m)
  expect(response.body).not.toMatch(/nowhere/)
})

test('the document is OpenAPI 3.1 and lists every row that is bound, with its security', async () => {
  const { service } = await start({
    service: {
      // What the application binds, as it would.
      mount(app) {
        const rows: readonly Route[] = Object.values(routes)
        for (const row of rows)
          if (!app.hasRoute({ method: row.method, url: row.path }))
            registerRoute(app, row, () => Promise.reject(new Error('unused')))
      },
    },
  })
  const document = (await service.app.inject('/openapi.json')).json()
  expect(document.openapi).toMatch(/^3\.1\./)
  expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
  for (const row of Object.values(routes)) {
    const path = row.path.replaceAll(/:(\w+)/g, '{$1}')
    const operation = document.paths[path]?.[row.method.toLowerCase()]
    expect(operation).toMatchObject({ operationId: row.id, summary: row.summary })
    expect(operation.security).toEqual(row.role === 'public' ? undefined : [{ bearer: [] }])
    expect(Object.keys(operation.responses)).toContain('200')
  }
  const listed = Object.values<object>(document.paths).flatMap((path) => Object.keys(path))
  expect(listed).toHaveLength(Object.keys(routes).length)
  const days = document.paths['/api/cache/cleanup'].delete.parameters[0]
  expect(days).toMatchObject({ name: 'days', in: 'query', required: false })
})

test('the page that reads the document comes from the service alone', async () => {
  const { service } = await start()
  const page = await service.app.inject('/docs/')
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toMatch(/text\/html/)
  const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source)
  expect(sources.length).toBeGreaterThan(2)
  for (const source of sources) {
    expect(source).not.toMatch(/^(https?:)?\/\//)
    expect((await service.app.inject(new URL(source, 'http://x/docs/').pathname)).statusCode).toBe(200)
  }
})

test('answers carry the request id, a sane one of the caller too, and the headers that protect browsers', async () => {
  const { service } = await start()
  const given = await service.app.inject({ url: '/health', headers: { 'x-request-id': 'trace-7' } })
  expect([given.headers['x-request-id'], given.json().request_id]).toEqual(['trace-7', 'trace-7'])
  for (const odd of ['a b', 'x'.repeat(101), '{"a":1}']) {
    const response = await service.app.inject({ url: '/api/auth/me', headers: { 'x-request-id': odd } })
    expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  }
  const { headers } = await service.app.inject({
    url: '/api/auth/me',
    headers: { origin: 'http://evil.example.com' },
  })
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'www-authenticate': 'Bearer',
  })
  expect(headers).not.toHaveProperty('access-control-allow-origin')
})

test('what a handler throws: its own refusals as they are, anything else as a 500 without its reason', async () => {
  const { service } = await start({
    service: {
      mount: (app) => {
        registerRoute(app, { ...pause, id: 'a', path: '/a' }, () => {
          throw new HttpError(409, 'taken', { details: [{ field: 'name', message: 'is taken' }] })
        })
        registerRoute(app, { ...pause, id: 'b', path: '/b' }, () => {
          throw new Error('secret reason')
        })
        registerRoute(app, { ...pause, id: 'c', path: '/c' }, () => ({ data: 5 as unknown as string }))
      },
    },
  })
  const refused = await service.app.inject('/a')
  expect(refused.statusCode).toBe(409)
  expect(refused.json()).toMatchObject({ error: { code: 'CONFLICT', details: [{ field: 'name' }] } })
  for (const url of ['/b', '/c']) {
    const failed = await service.app.inject(url)
    expect(failed.statusCode).toBe(500)
    expect(failed.json()).toMatchObject({
      message: 'Internal server error',
      error: { code: 'INTERNAL_SERVER_ERROR' },
    })
    expect(failed.body).not.toMatch(/secret|\.ts/)
  }
})

test('logs are JSON with the request id, and no token or password is in them', async () => {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const logger = createLogger({ level: 'trace', destination })
  const { service, token } = await start({ service: { logger } })
  const secret = await token('viewer')
  await service.app.inject({ url: '/api/auth/me', headers: { ...bearer(secret), 'x-request-id': 'log-1' } })
  const payload = { username: 'u', password: 'hunter2-hunter2' }
  await service.app.inject({ method: 'POST', url: '/api/auth/login', payload })
  logger.info({ req: { headers: bearer(secret) }, body: payload, ...payload }, 'careless')
  expect(lines.map((line) => JSON.parse(line)).some(({ reqId }) => reqId === 'log-1')).toBe(true)
  expect(lines.join('')).toMatch(/\[redacted\]/)
  expect(lines.join('')).not.toMatch(/hunter2/)
  expect(lines.join('')).not.toContain(secret)
})

test('closing waits for a request under way', async () => {
  const gate = deferred<string>()
  const entered = deferred<void>()
  const { service } = await start({
    service: {
      mount: (app) =>
        registerRoute(app, pause, async () => {
          entered.resolve()
          return { data: await gate.promise }
        }),
    },
  })
  const address = await service.listen()
  const answer = fetch(`${address}/api/pause`)
  await entered.promise
  const closed = service.close()
  gate.resolve('done')
  expect(await (await answer).json()).toMatchObject({ success: true, data: 'done' })
  await closed
  await expect(fetch(`${address}/health`)).rejects.toThrow('fetch failed')
})

test('closing cuts a request off that takes longer than the limit, and tells its handler', async () => {
  const entered = deferred<AbortSignal>()
  const { service } = await start({
    env: { SHUTDOWN_TIMEOUT: '50ms' },
    service: {
      mount: (app) =>
        registerRoute(app, pause, ({ signal }) => {
          entered.resolve(signal)
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('left'))))
        }),
    },
  })
  const address = await service.listen()
  const answer = fetch(`${address}/api/pause`).catch((error: unknown) => error)
  const signal = await entered.promise
  await service.close()
  expect(await answer).toBeInstanceOf(TypeError)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
})

test('a port that is in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const { service } = await start({ env: { PORT: String(port) } })
  await expect(service.listen()).rejects.toThrow(
    `port ${port} is in use on 127.0.0.1: stop the other program`,
  )
  await new Promise((resolve) => other.close(resolve))
})

test('the typed client speaks to the service', async () => {
  const { service, token, cache } = await start()
  await cache.open(quotes).set({ market: 'sh', symbol: '1' }, { price: 1 })
  const client = createClient({ baseUrl: await service.listen(), token: await token('viewer') })
  expect(await client.call('cacheDetails', { query: { page_size: 5 } })).toMatchObject({
    total: 1,
    page_size: 5,
  })
  expect((await client.call('cacheStats')).totalFiles).toBe(1)
  expect(await client.call('metrics')).toMatch(/^# HELP/)
  await expect(client.call('cacheClear')).rejects.toMatchObject({
    name: 'ApiError',
    status: 403,
    code: 'FORBIDDEN',
    request_id: expect.any(String),
  })
  await expect(client.call('cacheDetails', { query: { page: 0 } })).rejects.toMatchObject({
    status: 422,
    details: [{ field: 'page' }],
  })
})
