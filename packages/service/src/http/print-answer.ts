import { z } from 'zod'
import { zonedTime } from './envelope.ts'

/** What an answer is made of beside its data. */
export interface AnswerFacts {
  readonly message: string
  readonly requestId: string
  readonly success: boolean
  /** Whether other requests are answered with the same data. */
  readonly shared: boolean
}

/**
 * Prints the answers of a route in the envelope of row B2. Data are held against their schema, so that nothing leaves
 * the service that the route table does not name; data that requests share are checked and printed once.
 * @throws Error naming the route when data are not as it promises
 */
export function createPrinter(
  route: string,
  schema: z.ZodType,
): (data: unknown, facts: AnswerFacts) => string {
  const printed = new WeakMap<object, string>()

  function print(data: unknown): string {
    const checked = z.safeEncode(schema, data)
    if (checked.success) return JSON.stringify(checked.data)
    throw new Error(`${route} answers what its row does not promise`, { cause: checked.error })
  }

  function printOnce(data: object): string {
    let text = printed.get(data)
    if (text === undefined) printed.set(data, (text = print(data)))
    return text
  }

  return (data, { message, requestId, success, shared }) => {
    const head = `{"success":${success},"data":`
    const tail = `,"message":${JSON.stringify(message)},"timestamp":"${zonedTime(Date.now())}","request_id":"${requestId}"}`
    const isShared = shared && typeof data === 'object' && data !== null
    return `${head}${isShared ? printOnce(data) : print(data)}${tail}`
  }
}
