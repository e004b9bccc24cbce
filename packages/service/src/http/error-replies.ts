import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeError } from './describe-error.ts'
import { refusalEnvelope } from './envelope.ts'
import { HttpError } from './http-error.ts'

/** Answers a request with the envelope of what went wrong, and logs what is the service's fault. */
export function replyError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const described = describeError(error, request.routeOptions?.config?.failure)
  request.refusal = described
  if (described.status >= 500) request.log.error({ err: error }, described.message)
  // The route's serializer belongs to its own answers.
  return reply
    .code(described.status)
    .headers(described.headers)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(refusalEnvelope(described, request.id))
}

/** Makes every error of an application, and every unknown address, an envelope. */
export function useErrorReplies(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => replyError(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    const shown = path.length > 200 ? `${path.slice(0, 199)}…` : path
    return replyError(new HttpError(404, `There is no ${request.method} ${shown}`), request, reply)
  })
}
