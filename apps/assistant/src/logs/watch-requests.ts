import type { FastifyInstance } from 'fastify'
import type { Counters } from '../figures/counters.ts'
import type { AsyncLogs } from './async-logs.ts'

const conversation = '/api/v1/chat/'

/** Counts and logs the requests of the conversation, refusals for want of a right, and failures (rows A11, A21). */
export function watchRequests(
  app: FastifyInstance,
  { logs, counters }: { readonly logs: AsyncLogs; readonly counters: Counters },
): void {
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode, elapsedTime: milliseconds } = reply
    const operation = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
    const details = { status: statusCode, request_id: request.id }
    if (request.routeOptions.url?.startsWith(conversation) === true) {
      counters.add('requests')
      counters.add('request_ms', milliseconds)
      if (statusCode >= 500) counters.add('request_errors')
      logs.write('performance', { operation, milliseconds, details })
    }
    if (statusCode === 401 || statusCode === 403) {
      const user_id = request.caller?.username ?? null
      logs.write('security_audit', { action: `refused ${operation}`, user_id, details })
    }
  })
  app.addHook('onError', async (request, _reply, error) => {
    const { statusCode = 500, code } = error
    if (statusCode < 500) return
    const operation = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
    logs.write('error', {
      code: code === '' ? 'ERROR' : code,
      message: error.message,
      details: { operation, request_id: request.id },
    })
  })
}
