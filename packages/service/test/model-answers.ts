import type { Asked, Json } from './model-manner.ts'

/** An answer, whole and as the events of a stream. */
export interface Made {
  readonly whole: Json
  readonly events: readonly string[]
}

function words(text: string): string[] {
  return text.match(/\S+\s*/g) ?? []
}

/** An answer of the stand-in, whole and as a stream. */
export function chat({ body, manner, number }: Asked): Made {
  const { finish = 'stop', text = `answer ${number}` } = manner
  const facts = {
    id: `chatcmpl-${number}`,
    created: 1_700_000_000,
    model: `${String(body['model'])}-0613`,
    system_fingerprint: 'fp_1',
  }
  const usage = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }
  const call = {
    id: `call_${number}`,
    type: 'function',
    function: { name: 'weather', arguments: '{"city":"上海"}' },
  }
  const reason = finish === 'tool' ? 'tool_calls' : finish
  const content = finish === 'tool' ? null : text
  const whole = {
    ...facts,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal: null,
          ...(finish === 'tool' ? { tool_calls: [call] } : {}),
        },
        logprobs: null,
        finish_reason: reason,
      },
    ],
    usage,
  }
  const chunk = (delta: Json, finish_reason: string | null = null): string =>
    `data: ${JSON.stringify({ ...facts, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason }] })}\n\n`
  const deltas =
    finish === 'tool'
      ? [
          {
            tool_calls: [
              { index: 0, id: call.id, type: 'function', function: { name: 'weather', arguments: '' } },
            ],
          },
          { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
          { tool_calls: [{ index: 0, function: { arguments: '"上海"}' } }] },
        ]
      : words(text).map((word) => ({ content: word }))
  const asksUsage = (body['stream_options'] as Json | undefined)?.['include_usage'] === true
  const events = [
    chunk({ role: 'assistant', content: finish === 'tool' ? null : '', refusal: null }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, reason),
    ...(asksUsage
      ? [`data: ${JSON.stringify({ ...facts, object: 'chat.completion.chunk', choices: [], usage })}\n\n`]
      : []),
    'data: [DONE]\n\n',
  ]
  return { whole, events }
}

/** An answer of the stand-in, whole and as a stream. */
export function message({ body, manner, number }: Asked): Made {
  const { finish = 'stop', text = `answer ${number}` } = manner
  const reason = { stop: 'end_turn', length: 'max_tokens', tool: 'tool_use' }[finish]
  const block =
    finish === 'tool'
      ? { type: 'tool_use', id: `toolu_${number}`, name: 'weather', input: { city: '上海' } }
      : { type: 'text', text }
  const facts = { id: `msg_${number}`, type: 'message', role: 'assistant', model: String(body['model']) }
  const usage = { input_tokens: 11, cache_read_input_tokens: 0, output_tokens: 7 }
  const thought = { type: 'thinking', thinking: 'hm', signature: 'sig' }
  const content = body['thinking'] === undefined ? [block] : [thought, block]
  const whole = { ...facts, content, stop_reason: reason, stop_sequence: null, usage }
  const event = (type: string, rest: Json = {}): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`
  const deltas = (one: Json): string[] => {
    if (one === thought)
      return [
        JSON.stringify({ type: 'thinking_delta', thinking: 'hm' }),
        JSON.stringify({ type: 'signature_delta', signature: 'sig' }),
      ]
    return finish === 'tool'
      ? ['{"city":', '"上海"}'].map((json) =>
          JSON.stringify({ type: 'input_json_delta', partial_json: json }),
        )
      : words(text).map((word) => JSON.stringify({ type: 'text_delta', text: word }))
  }
  const begun = (one: Json): Json =>
    one === thought
      ? { type: 'thinking', thinking: '', signature: '' }
      : finish === 'tool'
        ? { ...one, input: {} }
        : { type: 'text', text: '' }
  const events = [
    event('message_start', {
      message: {
        ...facts,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...usage, output_tokens: 1 },
      },
    }),
    event('ping'),
    ...content.flatMap((one, index) => [
      event('content_block_start', { index, content_block: begun(one) }),
      ...deltas(one).map((delta) =>
        event('content_block_delta', { index, delta: JSON.parse(delta) as Json }),
      ),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason: reason, stop_sequence: null },
      usage: { output_tokens: 7 },
    }),
    event('message_stop'),
  ]
  return { whole, events }
}

/** An answer of the stand-in, whole and as a stream. */
export function responses({ body, manner, number }: Asked): Made {
  const { text = `answer ${number}` } = manner
  const part = { type: 'output_text', text, annotations: [], logprobs: [] }
  const item = {
    id: `msg_${number}`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [part],
  }
  const facts = {
    id: `resp_${number}`,
    object: 'response',
    created_at: 1_700_000_000,
    model: String(body['model']),
    tools: [],
    error: null,
    incomplete_details: null,
  }
  const usage = { input_tokens: 11, output_tokens: 7, total_tokens: 18 }
  const whole = { ...facts, status: 'completed', output: [item], usage }
  let sequence_number = 0
  const event = (type: string, rest: Json): string => {
    const line = `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number, ...rest })}\n\n`
    sequence_number += 1
    return line
  }
  const place = { item_id: item.id, output_index: 0, content_index: 0 }
  const events = [
    event('response.created', { response: { ...facts, status: 'in_progress', output: [] } }),
    event('response.output_item.added', {
      output_index: 0,
      item: { ...item, status: 'in_progress', content: [] },
    }),
    event('response.content_part.added', { ...place, part: { ...part, text: '' } }),
    ...words(text).map((word) =>
      event('response.output_text.delta', { ...place, delta: word, logprobs: [] }),
    ),
    event('response.output_text.done', { ...place, text, logprobs: [] }),
    event('response.content_part.done', { ...place, part }),
    event('response.output_item.done', { output_index: 0, item }),
    event('response.completed', { response: whole }),
  ]
  return { whole, events }
}

/** An answer of the stand-in, whole and as a stream. */
export function embeddings({ body }: Asked): Made {
  const input = body['input']
  const texts = Array.isArray(input) ? (input as unknown[]) : [input]
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: [String(text).length, 0.5, -0.25],
  }))
  const whole = {
    object: 'list',
    data,
    model: String(body['model']),
    usage: { prompt_tokens: texts.length, total_tokens: texts.length },
  }
  return { whole, events: [] }
}
