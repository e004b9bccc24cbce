import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { errorEnvelope, problemContentType } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { version } from '../version.ts'
import { errorPage } from './error-page.ts'
import { errorPagePath } from './problem-types.ts'

/** Collects the routes registered from here on into an OpenAPI 3.1 document, at `/openapi.json`, with a page to read it at `/docs` and one of all errors below it. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Reprise', description: 'The cache layer for AI backends', version },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
        responses: { Refused: refused },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      'openapiObject' in document ? withRefusals(whole(document.openapiObject)) : {},
  })
  await app.register(swaggerUi, { routePrefix: '/docs', logLevel: 'warn' })
  const hidden = { schema: { hide: true } }
  app.get('/openapi.json', hidden, () => app.swagger())
  const page = errorPage()
  app.get(errorPagePath, hidden, (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', "default-src 'none'").send(page),
  )
}

const refused = {
  description: 'Refused',
  content: { [problemContentType]: { schema: z.toJSONSchema(errorEnvelope) as object } },
}

/** How any operation can be refused; 401 and 403 are for those that need a role. */
const refusals = [400, 413, 415, 422, 429, 500, 503, 'default']

/** Adds to each operation how it can be refused, which the document says once for all of them. */
function withRefusals(document: Document): Document {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const statuses = operation.security === undefined ? refusals : [401, 403, ...refusals]
    const entries = statuses.map((status) => [status, { $ref: '#/components/responses/Refused' }] as const)
    operation.responses = { ...Object.fromEntries(entries), ...operation.responses }
  }
  return document
}

/** What is used here of an OpenAPI document. */
interface Document {
  readonly paths: Record<string, Record<string, { readonly security?: unknown; responses?: object }>>
}

// The only schema of the table that refers to itself is `z.json()`. For it jsonSchemaTransform writes references to
// components that it leaves out (turkerdev/fastify-type-provider-zod, issue 210); the schema of any value stands there.
function whole(document: object): Document {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    isReference(value) && /^#\/components\/schemas\/schema\d+$/.test(value.$ref) ? {} : value,
  ) as Document
}

function isReference(value: unknown): value is { readonly $ref: string } {
  return typeof value === 'object' && value !== null && '$ref' in value && typeof value.$ref === 'string'
}
