import { CallError } from './call-error.ts'
import type { CallParams } from './parameters.ts'

/** One request to a service; times are milliseconds. */
export interface HttpCall {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly params: CallParams
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

/** Most bytes of an answer. */
const mostBytes = 1024 * 1024

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength
    if (size > mostBytes) throw new CallError('UNREADABLE', `The answer is longer than ${mostBytes} bytes`)
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CallError('UNREADABLE', 'The answer is no JSON', cause)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  return { value }
}

/** Where a call goes and what it sends: parameters are the query of a GET, and the JSON body of everything else. */
function requestOf({ url, method, headers, params }: HttpCall): [URL, RequestInit] {
  const address = new URL(url)
  const hasBody = method !== 'GET'
  if (!hasBody)
    for (const [name, value] of Object.entries(params)) address.searchParams.set(name, String(value))
  const given = new Headers({ accept: 'application/json', ...headers })
  if (hasBody) given.set('content-type', 'application/json')
  return [
    address,
    {
      method,
      headers: given,
      ...(hasBody ? { body: JSON.stringify(params) } : {}),
      // A service that sends the call elsewhere would send its secrets there.
      redirect: 'error',
    },
  ]
}

/** Makes one request and answers its JSON object. @throws CallError; the caller's own reason when `signal` fires */
export async function callOnce(call: HttpCall): Promise<Record<string, unknown>> {
  const { timeout, signal } = call
  const [address, request] = requestOf(call)
  const late = AbortSignal.timeout(timeout)
  const where = `${call.method} ${address.origin}${address.pathname}`
  try {
    const response = await fetch(address, {
      ...request,
      signal: signal === undefined ? late : AbortSignal.any([late, signal]),
    })
    const text = await readText(response)
    if (response.ok) return parse(text)
    const passing = response.status >= 500 || [408, 429].includes(response.status)
    throw new CallError(passing ? 'FAILED' : 'REFUSED', `${where} answered ${response.status}`, {
      status: response.status,
    })
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    if (error instanceof CallError) throw error
    if (late.aborted) throw new CallError('TIMED_OUT', `${where} did not answer within ${timeout} ms`, error)
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CallError('UNREACHABLE', `${where} cannot be reached: ${reason}`, error)
  }
}
