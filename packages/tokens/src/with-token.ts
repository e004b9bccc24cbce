import type { TokenProvider } from './provider.ts'

/** How a call gets its token, and says that it was a bad one. */
export interface TokenSource {
  readonly get: () => Promise<string>
  readonly reject: (value: string) => Promise<unknown>
}

/**
 * Runs a call with a token; where the platform refuses that token, by its answer or by an error, drops it by value and
 * runs the call once more with the next. What the second call gives is given, whatever it is.
 */
export async function callWithToken<T>(
  provider: Pick<TokenProvider, 'refuses'>,
  { get, reject }: TokenSource,
  call: (token: string) => T | Promise<T>,
): Promise<T> {
  const value = await get()
  const first = await attempt(call, value)
  const refused =
    'error' in first ? provider.refuses(first.error) : provider.refuses(await readable(first.answer))
  if (!refused) {
    if ('error' in first) throw first.error
    return first.answer
  }
  await reject(value)
  return call(await get())
}

type Outcome<T> = { readonly answer: T } | { readonly error: unknown }

async function attempt<T>(call: (token: string) => T | Promise<T>, value: string): Promise<Outcome<T>> {
  try {
    return { answer: await call(value) }
  } catch (error) {
    return { error }
  }
}

/** An answer as codes can be read in it: a `Response` with JSON is read from a copy, so that the caller can read it, too. */
async function readable(answer: unknown): Promise<unknown> {
  if (!(answer instanceof Response) || answer.bodyUsed) return answer
  const { status, headers } = answer
  if (!(headers.get('content-type') ?? '').includes('json')) return { status }
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined)
  return { status, body }
}
