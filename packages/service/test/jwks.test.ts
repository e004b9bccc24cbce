import { createHmac, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSigner } from 'fast-jwt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestService, bearer, startService } from './start-service.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1', alg: 'RS256', use: 'sig' }
const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })))
let running: TestService

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  running = await startService({
    env: { JWKS_URL: `http://127.0.0.1:${port}/keys/jwks.json`, JWKS_ISSUER: 'https://id.example.com' },
  })
})
afterAll(async () => {
  await running.stop()
  await new Promise((resolve) => server.close(resolve))
})

async function me(payload: object, options: object = {}) {
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const token = createSigner({
    key,
    algorithm: 'RS256',
    kid: 'key-1',
    iss: 'https://id.example.com',
    expiresIn: 60_000,
    ...options,
  })(payload)
  const response = await running.service.app.inject({ url: '/api/auth/me', headers: bearer(token) })
  return { status: response.statusCode, body: response.json() }
}

test('a token of the other issuer is taken at its word', async () => {
  const { status, body } = await me({ sub: 'ext-1', username: 'mei', role: 'operator' })
  expect(status).toBe(200)
  expect(body.data).toMatchObject({ id: 'ext-1', username: 'mei', role: 'operator', created_at: null })
})

test('another issuer, an unknown key, a missing role or an unknown role are refused', async () => {
  const claims = { sub: 'ext-1', role: 'viewer' }
  expect((await me(claims, { iss: 'https://evil.example.com' })).status).toBe(401)
  expect((await me(claims, { kid: 'key-2' })).status).toBe(401)
  expect((await me(claims, { kid: undefined })).status).toBe(401)
  expect((await me({ sub: 'ext-1' })).status).toBe(401)
  expect((await me({ sub: 'ext-1', role: 'root' })).status).toBe(401)
})

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

test('the published key does not work as an HS256 secret', async () => {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  // fast-jwt itself refuses to sign with a public key, so the token is put together by hand.
  const head = `${part({ alg: 'HS256', kid: 'key-1' })}.${part({ sub: 'x', role: 'admin', iss: 'https://id.example.com', exp: 9_999_999_999 })}`
  const forged = `${head}.${createHmac('sha256', pem).update(head).digest('base64url')}`
  const response = await running.service.app.inject({ url: '/api/auth/me', headers: bearer(forged) })
  expect(response.statusCode).toBe(401)
})

test('a local user still logs in', async () => {
  const token = await running.token('viewer')
  expect((await running.service.app.inject({ url: '/api/auth/me', headers: bearer(token) })).statusCode).toBe(
    200,
  )
})
