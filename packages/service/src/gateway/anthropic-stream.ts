import { type Json, asJson, asList, asNumber, asText, isJson, parseJson } from './json.ts'
import type { SseEvent, StreamPiece } from './protocol.ts'

/** The message that the events of a stream amount to; undefined before `message_stop`, and with an error among them. */
export function assembleMessage(events: readonly SseEvent[]): Json | undefined {
  let message: Json | undefined
  let ended = false
  const blocks: Json[] = []
  const inputs = new Map<number, string>()
  for (const { data } of events) {
    const told = parseJson(data) ?? {}
    const index = asNumber(told['index']) ?? 0
    switch (told['type']) {
      case 'message_start':
        message = asJson(told['message'])
        break
      case 'content_block_start':
        blocks[index] = asJson(told['content_block'])
        break
      case 'content_block_delta':
        blocks[index] = addDelta(blocks[index] ?? {}, asJson(told['delta']), (json) =>
          inputs.set(index, (inputs.get(index) ?? '') + json),
        )
        break
      case 'message_delta':
        message = {
          ...message,
          ...asJson(told['delta']),
          usage: { ...asJson(message?.['usage']), ...asJson(told['usage']) },
        }
        break
      case 'message_stop':
        ended = true
        break
      case 'error':
        return undefined
      default:
    }
  }
  if (message === undefined || !ended) return undefined
  const content: Json[] = []
  for (const [index, block] of blocks.entries()) {
    const input = inputs.get(index)
    if (input === undefined || input === '') content.push(block)
    else {
      const parsed = parseJson(input)
      // The input of a tool was cut: this is no whole message.
      if (parsed === undefined) return undefined
      content.push({ ...block, input: parsed })
    }
  }
  return { ...message, content }
}

function addDelta(block: Json, delta: Json, addInput: (json: string) => void): Json {
  const joined = (name: string): Json => ({ ...block, [name]: asText(block[name]) + asText(delta[name]) })
  switch (delta['type']) {
    case 'text_delta':
      return joined('text')
    case 'thinking_delta':
      return joined('thinking')
    case 'signature_delta':
      return joined('signature')
    case 'citations_delta':
      return { ...block, citations: [...asList(block['citations']), delta['citation']] }
    case 'input_json_delta':
      addInput(asText(delta['partial_json']))
      return block
    default:
      return block
  }
}

/** The events that a message would have come as. */
export function splitMessage(answer: Json): readonly SseEvent[] {
  const { content, stop_reason: reason, stop_sequence: sequence, usage, ...facts } = answer
  const event = (type: string, rest: Json = {}): SseEvent => ({
    event: type,
    data: JSON.stringify({ type, ...rest }),
  })
  const start = { ...facts, content: [], stop_reason: null, stop_sequence: null, usage }
  return [
    event('message_start', { message: start }),
    ...asList(content).flatMap((block, index) => [
      event('content_block_start', { index, content_block: emptied(block) }),
      ...deltasOf(block).map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason: reason ?? null, stop_sequence: sequence ?? null },
      usage: { output_tokens: asJson(usage)['output_tokens'] ?? 0 },
    }),
    event('message_stop'),
  ]
}

/** A block as it begins: what comes in deltas is not in it yet. */
function emptied(block: Json): Json {
  switch (block['type']) {
    case 'text':
      return { type: 'text', text: '' }
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' }
    default:
      return isJson(block['input']) ? { ...block, input: {} } : block
  }
}

function deltasOf(block: Json): readonly Json[] {
  switch (block['type']) {
    case 'text':
      return [
        { type: 'text_delta', text: block['text'] },
        ...asList(block['citations']).map((citation) => ({ type: 'citations_delta', citation })),
      ]
    case 'thinking':
      return [
        { type: 'thinking_delta', thinking: block['thinking'] },
        { type: 'signature_delta', signature: block['signature'] },
      ]
    default:
      return isJson(block['input'])
        ? [{ type: 'input_json_delta', partial_json: JSON.stringify(block['input']) }]
        : []
  }
}

/** The member of a delta that holds its text. */
const texts: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
  input_json_delta: 'partial_json',
}

/** What an event tells. */
export function messagePieces({ event, data }: SseEvent): readonly StreamPiece[] {
  if (event === undefined || event === 'ping') return []
  const told = parseJson(data) ?? {}
  const slot = `${event}.${asNumber(told['index']) ?? ''}`
  if (event !== 'content_block_delta') return [{ slot }]
  const delta = asJson(told['delta'])
  const name = texts[asText(delta['type'])]
  if (name === undefined) return [{ slot: `${slot}.${JSON.stringify(delta)}` }]
  return [{ slot: `${slot}.${name}`, text: asText(delta[name]) }]
}

/** A delta with another text in its place. */
export function messageWithText({ event = '', data }: SseEvent, text: string): SseEvent {
  const told = parseJson(data) ?? {}
  const delta = asJson(told['delta'])
  const name = texts[asText(delta['type'])] ?? 'text'
  return { event, data: JSON.stringify({ ...told, delta: { ...delta, [name]: text } }) }
}
