// Carries out what a conversation has come to. Calls that may be repeated are tried again, and their results are kept
// and shared by all processes (row A8). Calls that may not are written down first, under a key that the service is told:
// whoever makes the same call again, after a crash or because of a lost answer, gets the same booking.
import { type Cache, RepriseError, type Ttl, milliseconds } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { apiResultSpace, paramSchemasSpace } from '../catalog/function.ts'
import type { Call, CallOutcome, Executor } from '../dialogue/execute.ts'
import type { Lookups } from '../dialogue/lookups.ts'
import { loadParamSchemas } from '../knowledge/functions.ts'
import { openBookings } from './bookings.ts'
import { CallError } from './call-error.ts'
import { fillHeaders, withoutSecrets } from './headers.ts'
import { callOnce } from './http-call.ts'
import { moved } from './origins.ts'
import { type CallParams, paramsHash, toParams } from './parameters.ts'
import { type PolicySettings, createPolicies } from './policies.ts'

/** How one call went; told once for each, also when a kept result answered it. */
export interface CallReport {
  readonly functionName: string
  readonly userId: string
  readonly sessionId: string
  readonly traceId: string | undefined
  readonly outcome: 'ok' | CallError['code'] | 'ERROR'
  readonly message: string | undefined
  /** Requests that were sent; 0 when a kept result answered. */
  readonly attempts: number
  readonly milliseconds: number
}

/** What an executor works with. */
export interface ExecutorOptions {
  readonly cache: Cache
  readonly database: Database
  readonly lookups: Pick<Lookups, 'profile' | 'thresholds'>
  /** What placeholders in headers stand for; only names that begin with `API_` are taken. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Other places for services: addresses that begin with a key go to its value. @default none */
  readonly origins?: Readonly<Record<string, string>>
  readonly policy?: PolicySettings
  /** @default the machine's clock */
  readonly now?: () => Date
  readonly onCall?: (report: CallReport) => void
  readonly onError?: (error: unknown) => void
}

/** The error that a cached load failed with. */
function reasonOf(error: unknown): unknown {
  if (RepriseError.is(error, 'E_LOADER_BACKOFF')) {
    return error.cause instanceof CallError ? error.cause : new CallError('LEFT_ALONE', error.message, error)
  }
  return RepriseError.is(error, 'E_LOADER_FAILED') ? (error.cause ?? error) : error
}

/** Makes the executor of a process (rows A6, A8). */
export function createExecutor(options: ExecutorOptions): Executor {
  const { cache, database, lookups, environment, origins = {}, now = () => new Date() } = options
  const { onCall = () => undefined, onError = () => undefined } = options
  const results = cache.open(apiResultSpace)
  const schemas = cache.open(paramSchemasSpace)
  const resultLife = cache.catalog.find('api_result').settings.ttl
  const bookings = openBookings({ cache, database, now, onError })
  const attemptsOf = createPolicies(options.policy)
  const underWay = new Map<string, Promise<Record<string, unknown>>>()

  async function request(call: Call, params: CallParams, sent: { count: number }, signal?: AbortSignal) {
    const { definition } = call
    const headers = {
      ...fillHeaders(definition.headers, environment),
      ...(call.traceId === undefined ? {} : { 'x-trace-id': call.traceId }),
      ...(definition.is_idempotent ? {} : { 'idempotency-key': call.idempotencyKey }),
    }
    const { api_timeout_seconds: most } = await lookups.thresholds()
    const attempt = (): Promise<Record<string, unknown>> => {
      sent.count += 1
      return callOnce({
        url: moved(definition.api_endpoint, origins),
        method: definition.http_method,
        headers,
        params,
        timeout: Math.min(definition.timeout_seconds, most) * 1000,
        signal,
      })
    }
    return attemptsOf(definition)(attempt, signal)
  }

  /** The result of a call that may be repeated: kept, or asked for once by all who want it. */
  async function ask(call: Call, params: CallParams, sent: { count: number }) {
    const { definition, signal } = call
    const key = { function_name: definition.function_name, params_hash: paramsHash(params, call) }
    const load = async ({ signal: last }: { signal: AbortSignal }) => {
      const began = performance.now()
      const result = await request(call, params, sent, last)
      const at = now()
      return {
        function_name: definition.function_name,
        api_endpoint: definition.api_endpoint,
        params: { ...params },
        request_headers: withoutSecrets(definition.headers),
        result: result as never,
        response_time_ms: Math.round((performance.now() - began) * 100) / 100,
        cached_at: at.toISOString(),
        expires_at: new Date(at.getTime() + lengthOf(resultLife)).toISOString(),
      }
    }
    const kept = await results.getOrLoad(key, load, signal === undefined ? {} : { signal })
    return kept.result
  }

  /** A call that may not be repeated. Leaving the conversation does not cut it off: it is on its way. */
  async function book(call: Call, params: CallParams, sent: { count: number }) {
    const facts = { profile: await lookups.profile(call.userId), thresholds: await lookups.thresholds() }
    const before = await bookings.begin(call, params, facts)
    if (before !== undefined) return before
    try {
      return await bookings.confirm(call, await request(call, params, sent), facts)
    } catch (error) {
      await bookings.fail(call, error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  async function carryOut(call: Call, sent: { count: number }): Promise<Readonly<Record<string, unknown>>> {
    const { definition, idempotencyKey } = call
    if (!definition.is_active || ['internal', 'rpc'].includes(definition.call_type)) {
      throw new CallError('NOT_CONFIGURED', `${definition.function_name} is connected to no service`)
    }
    const name = definition.function_name
    const known = await schemas.getOrLoad({ function_name: name }, async () => {
      const loaded = await loadParamSchemas(database, name)
      return loaded ?? { function_name: name, params: [] }
    })
    const params = toParams(call, known)
    if (definition.is_idempotent) return ask(call, params, sent)
    const shared = underWay.get(idempotencyKey)
    if (shared !== undefined) return shared
    const mine = book(call, params, sent).finally(() => underWay.delete(idempotencyKey))
    underWay.set(idempotencyKey, mine)
    return mine
  }

  return {
    async execute(call): Promise<CallOutcome> {
      const began = performance.now()
      const sent = { count: 0 }
      const report = (outcome: CallReport['outcome'], message?: string): void =>
        onCall({
          functionName: call.definition.function_name,
          userId: call.userId,
          sessionId: call.sessionId,
          traceId: call.traceId,
          outcome,
          message,
          attempts: sent.count,
          milliseconds: performance.now() - began,
        })
      try {
        const result = await carryOut(call, sent)
        report('ok')
        return { ok: true, result }
      } catch (thrown) {
        if (call.signal?.aborted === true) throw thrown
        const error = reasonOf(thrown)
        const message = error instanceof Error ? error.message : String(error)
        const code = error instanceof CallError ? error.code : 'ERROR'
        if (code === 'ERROR') onError(error)
        report(code, message)
        return { ok: false, code, message }
      }
    },
  }
}

function lengthOf(ttl: Ttl | ((...parts: never[]) => Ttl)): number {
  return typeof ttl === 'number' || typeof ttl === 'string' ? milliseconds(ttl) : 0
}
