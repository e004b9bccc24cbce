import { problemContentType } from '@reprise/api'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { describeError } from './describe-error.ts'
import { refusalEnvelope } from './envelope.ts'
import { HttpError } from './http-error.ts'

/** Answers a request with the envelope of what went wrong, as a problem document, and logs what is the service's fault. */
export function replyError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const described = describeError(error, request.routeOptions?.config?.failure)
  request.refusal = described
  if (described.status >= 500) request.log.error({ err: error }, described.message)
  // The route's serializer belongs to its own answers.
  return reply
    .code(described.status)
    .headers(described.headers)
    .type(`${problemContentType}; charset=utf-8`)
    .serializer(JSON.stringify)
    .send(refusalEnvelope(described, { id: request.id, path: pathOf(request) }))
}

/** Makes every error of an application, and every unknown address, an envelope. */
export function useErrorReplies(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => replyError(error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request)
    const shown = path.length > 200 ? `${path.slice(0, 199)}…` : path
    return replyError(new HttpError(404, `There is no ${request.method} ${shown}`), request, reply)
  })
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? ''
}
