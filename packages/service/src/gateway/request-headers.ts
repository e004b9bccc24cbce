import { type Caller, tenantOf } from '../auth/authenticate.ts'
import type { PromptName } from '@reprise/ai'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from '../http/http-error.ts'
import type { GatewayCall } from './call.ts'

const longest = 200

/**
 * Whose call it is and what it was made from, by the headers `x-reprise-tenant`, `-scope`, `-prompt` (`id` or
 * `id@version`) and `-documents` (separated by commas). A caller that is bound to a tenant has that one; one that is not
 * and names none has answers of its own, so that nothing is shared by accident. @throws HttpError 400, 403
 */
export function readWhose(
  request: FastifyRequest,
  configurationVersion: string | undefined,
): Pick<GatewayCall, 'whose' | 'documents'> {
  const caller = request.caller as Caller
  const asked = read(request, 'tenant')
  const scope = read(request, 'scope')
  const prompt = read(request, 'prompt')
  return {
    whose: {
      tenant: tenantOf(caller, asked) ?? `user:${caller.id}`,
      ...(scope === undefined ? {} : { scope }),
      ...(prompt === undefined ? {} : { prompt: promptOf(prompt) }),
      ...(configurationVersion === undefined ? {} : { configurationVersion }),
    },
    documents: (read(request, 'documents') ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  }
}

/** Whether a client takes the answer to a like question: not with `x-reprise-semantic: off`. @throws HttpError 400 */
export function takesSimilar(request: FastifyRequest): boolean {
  const wish = read(request, 'semantic') ?? 'on'
  if (wish !== 'on' && wish !== 'off') throw new HttpError(400, 'x-reprise-semantic must be on or off')
  return wish === 'on'
}

/** Fires when the client goes away before the answer. */
export function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort(new Error('the client has left'))
  })
  return left.signal
}

/** The headers of a request that a protocol sends on. */
export function headersOf(request: FastifyRequest, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = request.headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

function read(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[`x-reprise-${name}`]
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string' && (value.length <= longest || name === 'documents')) return value
  throw new HttpError(400, `x-reprise-${name} must be one value of at most ${longest} characters`)
}

function promptOf(text: string): PromptName {
  const at = text.lastIndexOf('@')
  return at <= 0 ? { id: text } : { id: text.slice(0, at), version: text.slice(at + 1) }
}
