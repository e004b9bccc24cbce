import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Sets the headers that keep browsers from guessing, framing and storing, and the request's id. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id)
  reply.header('x-content-type-options', 'nosniff')
  reply.header('x-frame-options', 'DENY')
  reply.header('referrer-policy', 'no-referrer')
  if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store')
}

/** Sets the security headers on every answer. There is no CORS: other origins may not call. */
export function useSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    setSecurityHeaders(request, reply)
    done()
  })
}
