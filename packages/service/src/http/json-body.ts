import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'

/** Levels of a body; deeper ones would overflow the stack of whoever walks or prints them. */
const deepest = 32
const utf8 = new TextDecoder('utf-8', { fatal: true })
// NUL, which PostgreSQL cannot store, and halves of surrogate pairs, which are not text.
const unstorable = /\0|\p{Cs}/u

/** Refuses what no handler should meet: bytes that are not UTF-8, `__proto__` and `constructor.prototype` keys, deep nesting, unstorable text, other content types. An empty body is no body. */
export function useStrictJson(app: FastifyInstance): void {
  const read = createJsonReader(app)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, read(request, body as Buffer))
    } catch (error) {
      done(error as HttpError)
    }
  })
}

/** Gives handlers the bytes of their bodies; what they read of these goes through a `JsonReader`. */
export function useRawJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
}

/** Reads the bytes of a body. @throws HttpError 400 for what no handler should meet */
export type JsonReader = (request: FastifyRequest, body: Buffer) => unknown

/** Makes the reader of an app. */
export function createJsonReader(app: FastifyInstance): JsonReader {
  const parse = app.getDefaultJsonParser('error', 'error')
  return (request, body) => {
    let text: string
    try {
      text = utf8.decode(body)
    } catch {
      throw new HttpError(400, 'The body is not UTF-8')
    }
    if (text === '') return undefined
    let value: unknown
    // It calls back before it returns.
    void parse(request, text, (error, parsed: unknown) => {
      if (error !== null)
        throw new HttpError(400, `The body is not acceptable JSON: ${error.message}`, { cause: error })
      value = parsed
    })
    const problem = findProblem(value)
    if (problem !== undefined) throw new HttpError(400, problem)
    return value
  }
}

/** What is wrong with a parsed body, found without recursion. */
function findProblem(body: unknown): string | undefined {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 0 }]
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { value, depth } = item
    if (typeof value === 'string' && unstorable.test(value)) {
      return 'The body has text with NUL characters or broken surrogate pairs'
    }
    if (typeof value !== 'object' || value === null) continue
    if (depth >= deepest) return `The body is nested deeper than ${deepest} levels`
    for (const [key, inside] of Object.entries(value)) {
      if (unstorable.test(key)) return 'The body has a key with NUL characters or broken surrogate pairs'
      open.push({ value: inside, depth: depth + 1 })
    }
  }
  return undefined
}
