import type { ModelCallRequest } from '../key/request.ts'

type Messages = Pick<ModelCallRequest, 'messages'>

/**
 * What a request asks last: the one text of its last message, where that is its user's. Undefined for everything else: a
 * conversation that ends with a tool's result, a message of several texts.
 */
export function lastQuestion({ messages = [] }: Messages): string | undefined {
  const last = messages.at(-1)
  if (!isObject(last) || last['role'] !== 'user') return undefined
  const { content } = last
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const texts = content.filter(isText)
  return texts.length === 1 ? texts[0]?.text : undefined
}

/** The same request with another last question, its files and everything else as they are. */
export function withQuestion<Request extends Messages>(request: Request, question: string): Request {
  const { messages = [] } = request
  const last = messages.at(-1)
  if (!isObject(last)) return request
  const { content } = last
  const asking = Array.isArray(content)
    ? content.map((part: unknown) => (isText(part) ? { ...part, text: question } : part))
    : question
  return { ...request, messages: [...messages.slice(0, -1), { ...last, content: asking }] }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isText(part: unknown): part is { readonly type: 'text'; readonly text: string } {
  return isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string'
}
