import { type Json, asJson, asList, asNumber, asText, isJson, parseJson, without } from './json.ts'
import type { SseEvent, StreamPiece } from './protocol.ts'

const ends = ['response.completed', 'response.incomplete', 'response.failed']

/** Whether an event is the last of a stream. */
export function isEnd({ event }: SseEvent): boolean {
  return event !== undefined && ends.includes(event)
}

/** The response that the last event of a stream carries whole; undefined before it. */
export function assembleResponse(events: readonly SseEvent[]): Json | undefined {
  const last = events.findLast(isEnd)
  const response = last === undefined ? undefined : parseJson(last.data)?.['response']
  return isJson(response) ? response : undefined
}

/** The events that a response would have come as: its beginning, each item with its texts, its end. */
export function splitResponse(answer: Json): readonly SseEvent[] {
  let number = 0
  const event = (type: string, rest: Json): SseEvent => {
    const data = JSON.stringify({ type, sequence_number: number, ...rest })
    number += 1
    return { event: type, data }
  }
  const begun = { ...without(answer, 'output', 'usage'), status: 'in_progress', output: [] }
  const ended = answer['status'] === 'incomplete' ? 'response.incomplete' : 'response.completed'
  return [
    event('response.created', { response: begun }),
    event('response.in_progress', { response: begun }),
    ...asList(answer['output']).flatMap((item, output_index) => [
      event('response.output_item.added', { output_index, item: emptied(item) }),
      ...contentOf(item, output_index, event),
      event('response.output_item.done', { output_index, item }),
    ]),
    event(ended, { response: answer }),
  ]
}

function emptied(item: Json): Json {
  if (item['type'] === 'message') return { ...item, status: 'in_progress', content: [] }
  return item['type'] === 'function_call' ? { ...item, status: 'in_progress', arguments: '' } : item
}

function contentOf(
  item: Json,
  output_index: number,
  event: (type: string, rest: Json) => SseEvent,
): SseEvent[] {
  const { id: item_id } = item
  if (item['type'] === 'function_call') {
    const place = { item_id, output_index }
    const text = item['arguments']
    return [
      event('response.function_call_arguments.delta', { ...place, delta: text }),
      event('response.function_call_arguments.done', { ...place, arguments: text, name: item['name'] }),
    ]
  }
  if (item['type'] !== 'message') return []
  return asList(item['content']).flatMap((part, content_index) => {
    const place = { item_id, output_index, content_index }
    const { text, refusal } = part
    const inner =
      part['type'] === 'refusal'
        ? [
            event('response.refusal.delta', { ...place, delta: refusal }),
            event('response.refusal.done', { ...place, refusal }),
          ]
        : [
            event('response.output_text.delta', { ...place, delta: text, logprobs: [] }),
            event('response.output_text.done', { ...place, text, logprobs: [] }),
          ]
    return [
      event('response.content_part.added', {
        ...place,
        part: { ...part, ...(text === undefined ? { refusal: '' } : { text: '', annotations: [] }) },
      }),
      ...inner,
      event('response.content_part.done', { ...place, part }),
    ]
  })
}

/** What an event tells. */
export function responsePieces({ event, data }: SseEvent): readonly StreamPiece[] {
  if (event === undefined) return []
  const told = parseJson(data) ?? {}
  const place = ['output_index', 'content_index', 'summary_index'].map((name) => asNumber(told[name]) ?? '')
  const slot = [event, ...place].join('.')
  return [{ slot, text: event.endsWith('.delta') ? asText(told['delta']) : undefined }]
}

/** A delta with another text in its place. */
export function responseWithText({ event = '', data }: SseEvent, text: string): SseEvent {
  return { event, data: JSON.stringify({ ...asJson(parseJson(data)), delta: text }) }
}
