/**
 * Reads server-sent events (the HTML standard, section 9.2) from the body of an answer, so that a client can send its
 * token in a header, which EventSource cannot.
 */

/** One event as it came: without a name it is a `message`. */
export interface StreamEvent {
  readonly id: string
  readonly type: string
  readonly data: string
}

/** What a stream says beside its events. */
export interface StreamListener {
  /** The stream says how long to wait before coming back, in milliseconds. */
  readonly onRetry?: (milliseconds: number) => void
  /** Something came, be it a comment. */
  readonly onChunk?: () => void
}

/** The events of a body, as they come; ends with it, and throws what reading it throws. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { onRetry = () => {}, onChunk = () => {} }: StreamListener = {},
): AsyncGenerator<StreamEvent, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let id = ''
  let type = ''
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onChunk()
      rest += decoder.decode(value, { stream: true })
      // A carriage return at the end may be half of a line's end.
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { id, type: type === '' ? 'message' : type, data: data.join('\n') }
          type = ''
          data = []
          continue
        }
        const [, name = '', text = ''] = /^([^:]*)(?:: ?)?(.*)$/s.exec(line) ?? []
        if (name === 'data') data.push(text)
        else if (name === 'event') type = text
        else if (name === 'id' && !text.includes('\0')) id = text
        else if (name === 'retry' && /^\d{1,9}$/.test(text)) onRetry(Number(text))
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
