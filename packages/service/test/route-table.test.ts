import { type Role, type Route, roles, routes } from '@reprise/api'
import { type Database, openDatabase } from '@reprise/database'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registerRoute } from '../src/http/register-route.ts'
import { type TestService, bearer, startService } from './start-service.ts'

// Every row of the table, with every role. A request with a parameter that nobody knows is refused with 422 after its
// caller was let in and before anything is done, so whatever else comes back was decided about the caller alone. Rows
// that an application binds are bound here to nothing.

const rows: readonly Route[] = Object.values(routes)
let database: Database
let running: TestService
const tokens = new Map<string, string>()

beforeAll(async () => {
  database = await openDatabase({})
  running = await startService({
    database,
    service: {
      mount(app) {
        const missing = rows.filter(({ method, path: url }) => !app.hasRoute({ method, url }))
        for (const row of missing) registerRoute(app, row, () => Promise.reject(new Error('never called')))
      },
    },
  })
  for (const role of ['viewer', 'operator', 'admin'] as const) tokens.set(role, await running.token(role))
  await running.service.users.ensure('bound', 'admin')
  await database.query(`update service_users set tenant = 'north' where username = 'bound'`)
  tokens.set('bound', await running.service.issueToken('bound'))
})
afterAll(async () => {
  await running.stop()
  await database.close()
})

async function statusOf(row: Route, token: string | undefined): Promise<number> {
  const response = await running.service.app.inject({
    method: row.method,
    url: `${row.path.replaceAll(/:\w+/g, '1')}?nobody_knows_this=1`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    remoteAddress: `10.0.0.${rows.indexOf(row) % 250}`,
    ...(row.body === undefined ? {} : { payload: {} }),
  })
  return response.statusCode
}

function expected(row: Route, role: Role): number {
  if (roles.indexOf(role) >= roles.indexOf(row.role)) return 422
  return role === 'public' ? 401 : 403
}

// A stream of events looks at its caller after its parameters, since a ticket may be one of them.
const isStream = ({ text }: Route): boolean => text === 'text/event-stream'

test.each(rows.filter(isStream))('$method $path lets in nobody without a token', async ({ path: url }) => {
  for (const headers of [{}, bearer('a.b.c')]) {
    expect((await running.service.app.inject({ url, headers })).statusCode).toBe(401)
  }
  const bound = await running.service.app.inject({ url, headers: bearer(tokens.get('bound') ?? '') })
  expect(bound.statusCode).toBe(403)
})

test.each(rows.filter((row) => !isStream(row)))(
  '$method $path lets in exactly who may: $role',
  async (row) => {
    for (const role of roles) {
      expect([role, await statusOf(row, tokens.get(role))]).toEqual([role, expected(row, role)])
    }
    const wrong = await statusOf(row, 'a.b.c')
    expect(wrong).toBe(row.role === 'public' ? 422 : 401)
    const bound = await statusOf(row, tokens.get('bound'))
    expect(bound).toBe(row.role === 'public' || row.tenantBound === true ? 422 : 403)
  },
)

test('the document has every row and nothing else, and is OpenAPI 3.1', async () => {
  const document = (await running.service.app.inject({ url: '/openapi.json' })).json()
  const operations = Object.values<Record<string, { operationId: string }>>(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId }) => operationId)
  expect(new Set(operations)).toEqual(new Set(Object.keys(routes)))
  expect(operations).toHaveLength(rows.length)
  const validator = new Validator()
  expect(await validator.validate(document)).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  const refused = { $ref: '#/components/responses/Refused' }
  const { responses } = document.paths['/api/cache/clear'].delete
  expect(responses).toMatchObject({ 401: refused, 403: refused, 422: refused, 429: refused, 503: refused })
  expect(document.paths['/api/auth/login'].post.responses).not.toHaveProperty('403')
  const { schema } = document.components.responses.Refused.content['application/problem+json']
  expect(schema.required).toEqual(expect.arrayContaining(['success', 'error', 'type', 'title', 'status']))
})
