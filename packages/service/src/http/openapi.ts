import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { version } from '../version.ts'

/** Collects the routes registered from here on into an OpenAPI 3.1 document, at `/openapi.json`, with a page to read it at `/docs`. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Reprise', description: 'The cache layer for AI backends', version },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => ('openapiObject' in document ? whole(document.openapiObject) : {}),
  })
  await app.register(swaggerUi, { routePrefix: '/docs', logLevel: 'warn' })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
}

// The only schema of the table that refers to itself is `z.json()`. For it jsonSchemaTransform writes references to
// components that it leaves out (turkerdev/fastify-type-provider-zod, issue 210); the schema of any value stands there.
function whole(document: object): object {
  return JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    isReference(value) && /^#\/components\/schemas\/schema\d+$/.test(value.$ref) ? {} : value,
  ) as object
}

function isReference(value: unknown): value is { readonly $ref: string } {
  return typeof value === 'object' && value !== null && '$ref' in value && typeof value.$ref === 'string'
}
