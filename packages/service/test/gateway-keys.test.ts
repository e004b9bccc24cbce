import { modelCallKey } from '@reprise/ai'
import { describe, expect, it } from 'vitest'
import type { Json } from '../src/gateway/json.ts'
import { openaiChat } from '../src/gateway/openai-chat.ts'
import { openaiResponses } from '../src/gateway/openai-responses.ts'
import type { Protocol } from '../src/gateway/protocol.ts'

function keyOf(protocol: Protocol, body: Json): string {
  const { operation, key } = protocol
  const names = { tenant: 'shop', operation, provider: 'openai', model: 'gpt-4o' }
  return modelCallKey({ ...protocol.fieldsOf(body), ...names }, key).digest
}

const image = { url: 'data:image/png;base64,iVBORw0KGgo=' }
const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{}' } }
const weather = { name: 'weather', parameters: { type: 'object', properties: {} } }
const schema = { name: 'place', schema: { type: 'object', properties: {} } }
const format = (extra: Json = {}): Json => ({ type: 'json_schema', json_schema: { ...schema, ...extra } })
const user = (content: unknown): Json => ({ role: 'user', content })
const shown = (extra: Json = {}): Json =>
  user([
    { type: 'text', text: 'What?' },
    { type: 'image_url', image_url: { ...image, ...extra } },
  ])
const calls = (extra: Json = {}): Json => ({ role: 'assistant', tool_calls: [call], ...extra })
const told = { role: 'tool', tool_call_id: 'c1', content: 'rain' }

const base: Json = {
  model: 'gpt-4o',
  messages: [shown(), { role: 'assistant', content: 'A cat.' }, user('And the weather?'), calls(), told],
  tools: [{ type: 'function', function: weather }],
  response_format: format(),
  max_completion_tokens: 50,
}
const said = (index: number, message: Json): Json => ({
  messages: (base['messages'] as Json[]).map((one, at) => (at === index ? message : one)),
})
const tool = (extra: Json): Json => ({ tools: [{ type: 'function', function: { ...weather, ...extra } }] })

describe('a chat request that says the same in another way has the same key', () => {
  const same: Record<string, Json> = {
    'a stream': { stream: true, stream_options: { include_usage: true } },
    'no stream': { stream: false },
    'who asks, and what is logged': { user: 'u1', metadata: { run: '1' }, store: false },
    'how a provider caches prompts': { prompt_cache_key: 'k', service_tier: 'flex' },
    'defaults of sampling': { temperature: 1, top_p: 1, n: 1, presence_penalty: 0, frequency_penalty: 0 },
    'null for sampling': { temperature: null, top_p: null, n: null, seed: null, stop: null, logprobs: null },
    'null for the rest that may be null': {
      audio: null,
      modalities: null,
      prediction: null,
      reasoning_effort: null,
      verbosity: null,
    },
    'tools as the model likes': { tool_choice: 'auto', parallel_tool_calls: true },
    'the older name of a limit': { max_completion_tokens: undefined, max_tokens: 50 },
    'a list of one text': said(2, user([{ type: 'text', text: 'And the weather?' }])),
    'the default of an image': said(0, shown({ detail: 'auto' })),
    'calls without text: null': said(3, calls({ content: null })),
    'calls without text: empty': said(3, calls({ content: '' })),
    'a turn as the API returned it': said(1, {
      role: 'assistant',
      content: 'A cat.',
      refusal: null,
      audio: null,
      function_call: null,
      annotations: [],
    }),
    'a tool that is not strict': tool({ strict: false }),
    'a tool of no word on it': tool({ strict: null }),
    'a format that is not strict': { response_format: format({ strict: false }) },
  }
  it.for(Object.entries(same))('%s', ([, change]) => {
    expect(keyOf(openaiChat, { ...base, ...change })).toBe(keyOf(openaiChat, base))
  })
})

describe('nothing else is folded together', () => {
  const changes: Record<string, Json> = {
    'another role': said(1, { role: 'user', content: 'A cat.' }),
    'a name': said(2, { ...user('And the weather?'), name: 'Ann' }),
    'text in two parts': said(
      2,
      user([
        { type: 'text', text: 'And the ' },
        { type: 'text', text: 'weather?' },
      ]),
    ),
    'an empty question': said(2, user('')),
    'a question of null': said(2, user(null)),
    'the instructions of a system': {
      messages: [{ role: 'system', content: 'Brief.' }, ...(base['messages'] as Json[])],
    },
    'the instructions of a developer': {
      messages: [{ role: 'developer', content: 'Brief.' }, ...(base['messages'] as Json[])],
    },
    'an image looked at closely': said(0, shown({ detail: 'high' })),
    'an image looked at briefly': said(0, shown({ detail: 'low' })),
    'words before the calls': said(3, calls({ content: 'Let me look.' })),
    'a blank before the calls': said(3, calls({ content: ' ' })),
    'another call': said(3, { role: 'assistant', tool_calls: [{ ...call, id: 'c2' }] }),
    'nothing said and nothing called': said(3, { role: 'assistant', content: '' }),
    'nothing at all': said(3, { role: 'assistant' }),
    'a refusal': said(1, { role: 'assistant', content: 'A cat.', refusal: 'No.' }),
    annotations: said(1, { role: 'assistant', content: 'A cat.', annotations: [{ type: 'url_citation' }] }),
    'a tool of null': said(4, { ...told, content: null }),
    'a silent tool': said(4, { ...told, content: '' }),
    'a strict tool': tool({ strict: true }),
    'a described tool': tool({ description: 'Tells it' }),
    'no tool': { tools: [] },
    'one call at a time': { parallel_tool_calls: false },
    'no calls': { tool_choice: 'none' },
    'a call demanded': { tool_choice: 'required' },
    'a strict format': { response_format: format({ strict: true }) },
    'JSON of any shape': { response_format: { type: 'json_object' } },
    'no format': { response_format: undefined },
    'more tokens': { max_completion_tokens: 51 },
    'another temperature': { temperature: 0 },
    'two answers': { n: 2 },
    'a seed': { seed: 0 },
    'an end': { stop: 'END' },
    'log probabilities': { logprobs: true },
    'an effort': { reasoning_effort: 'low' },
    'a verbosity': { verbosity: 'low' },
    'text alone, said so': { modalities: ['text'] },
    'an unknown option': { top_k: 4 },
    'an unknown option of null': { top_k: null },
  }
  it('each change makes a key of its own', () => {
    const keys = Object.entries(changes).map(([name, change]): [string, string] => [
      keyOf(openaiChat, { ...base, ...change }),
      name,
    ])
    const names = new Map([[keyOf(openaiChat, base), 'the request itself'], ...keys])
    const shared = keys.filter(([key, name]) => names.get(key) !== name).map(([, name]) => name)
    expect(shared).toEqual([])
    expect(names.size).toBe(keys.length + 1)
  })
})

it('a response is the same, its question spelled as text or as parts, and null being nothing', () => {
  const spelled: Json[] = [
    { input: 'Hello' },
    { input: [{ role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }] },
    { input: [{ type: 'message', role: 'user', content: 'Hello' }], text: {}, stream: false },
    { input: 'Hello', reasoning: null, truncation: null, include: null, previous_response_id: null },
  ]
  expect(new Set(spelled.map((body) => keyOf(openaiResponses, body))).size).toBe(1)
  const others: Json[] = [
    { input: 'Hello', reasoning: { effort: 'low' } },
    { input: 'Hello', truncation: 'auto' },
    { input: 'Hello', previous_response_id: 'resp_1' },
    { input: 'Hello', instructions: 'Brief.' },
  ]
  expect(new Set([...spelled, ...others].map((body) => keyOf(openaiResponses, body))).size).toBe(5)
})
