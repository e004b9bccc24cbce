import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '@reprise/database'
import { type TestService, startService } from './start-service.ts'

const directory = mkdtempSync(join(tmpdir(), 'reprise-built-'))
mkdirSync(join(directory, 'assets'))
writeFileSync(join(directory, 'index.html'), '<meta content="__ROUTES__"><meta nonce="__NONCE__">')
writeFileSync(join(directory, 'icon.svg'), '<svg/>')
writeFileSync(join(directory, 'assets', 'index-1a2b.js'), 'plain')
writeFileSync(join(directory, 'assets', 'index-1a2b.js.gz'), 'zipped')

let database: Database
let running: TestService
beforeAll(async () => {
  database = await openDatabase({})
  running = await startService({ database, service: { console: { directory } } })
})
afterAll(async () => {
  await running.stop()
  await database.close()
  rmSync(directory, { recursive: true })
})

test('the page is at every path under /console/, never kept, and may use only its own', async () => {
  for (const url of ['/console/', '/console/settings/cache', '/console/entries?space=a']) {
    const { statusCode, headers, body } = await running.service.app.inject(url)
    expect(statusCode).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
    })
    const nonce = /nonce="([^"]+)"/.exec(body)?.[1]
    expect(headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}';`)
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    expect(headers['content-security-policy']).not.toContain('unsafe')
  }
})

test('no two pages have the same nonce, and each names the routes that are there', async () => {
  const [one, two] = await Promise.all([
    running.service.app.inject('/console/'),
    running.service.app.inject('/console/'),
  ])
  expect(one.headers['content-security-policy']).not.toBe(two.headers['content-security-policy'])
  const named = /content="([^"]+)"/.exec(one.body)?.[1]?.split(' ')
  expect(named).toContain('cacheStats')
  expect(named).not.toContain('chatInteract')
})

test('files are kept for ever and sent zipped to who takes that; a missing one is 404, not the page', async () => {
  const { app } = running.service
  const url = '/console/assets/index-1a2b.js'
  const plain = await app.inject(url)
  expect(plain.body).toBe('plain')
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  const zipped = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } })
  expect(zipped.body).toBe('zipped')
  expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
  expect((await app.inject('/console/assets/index-0000.js')).statusCode).toBe(404)
  // The file itself, with its placeholder, is not to be had.
  expect((await app.inject('/console/assets/%2e%2e/index.html')).body).not.toContain('__NONCE__')
})

test('/ leads to the console unless the application has something there, and the console can be left out', async () => {
  expect((await running.service.app.inject('/')).headers['location']).toBe('/console/')
  const own = await startService({
    database,
    service: { console: { directory }, mount: (app) => void app.get('/', () => 'ours') },
  })
  expect((await own.service.app.inject('/')).body).toBe('ours')
  await own.stop()
  const without = await startService({ database, service: { console: false } })
  expect((await without.service.app.inject('/console/')).statusCode).toBe(404)
  expect((await without.service.app.inject('/')).statusCode).toBe(404)
  await without.stop()
})
