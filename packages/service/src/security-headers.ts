import type { FastifyInstance } from 'fastify'

/** Sends the headers that keep browsers from guessing, framing and storing, and the request's id. There is no CORS: other origins may not call. */
export function useSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('x-frame-options', 'DENY')
    reply.header('referrer-policy', 'no-referrer')
    if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store')
  })
}
