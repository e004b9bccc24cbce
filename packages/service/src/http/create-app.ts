import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { replyToBrokenRequest } from './client-errors.ts'
import { replyError, useErrorReplies } from './error-replies.ts'
import { useStrictJson } from './json-body.ts'
import { setSecurityHeaders, useSecurityHeaders } from './security-headers.ts'
import type { Settings } from '../settings/settings.ts'
import { closeUnusedConnections } from './unused-connections.ts'

/** Makes the Fastify app of a service: checked JSON, envelopes for errors, security headers, ids of requests. */
export function createApp(settings: Settings, loggerInstance: FastifyBaseLogger): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance,
    bodyLimit: settings.bodyLimit,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    requestTimeout: 60_000,
    requestIdHeader: false,
    genReqId: ({ headers }) => {
      const sent = headers['x-request-id']
      return typeof sent === 'string' && /^[\w.:-]{1,100}$/.test(sent) ? sent : randomUUID()
    },
    frameworkErrors: (error, request, reply) => {
      // A malformed URL is refused before any hook runs.
      setSecurityHeaders(request, reply)
      void replyError(error, request, reply)
    },
    clientErrorHandler: (error, socket) => replyToBrokenRequest(error, socket),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  closeUnusedConnections(app)
  useSecurityHeaders(app)
  useStrictJson(app)
  useErrorReplies(app)
  return app
}

/** Stops to listen and waits for requests under way; cuts them off after so many milliseconds. */
export async function closeApp(app: FastifyInstance, timeout: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), timeout)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}
