import type { ModelCallRequest } from '../src/key/request.ts'

const image = new Uint8Array([137, 80, 78, 71, 1, 2, 3])

/** A call of a tool and its result, as messages have them here and in the AI SDK. */
export const toolTurns = (): NonNullable<ModelCallRequest['messages']> => [
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'They ask for it.' },
      { type: 'tool-call', toolCallId: 'c1', toolName: 'look', input: { at: 'left' } },
    ],
  },
  {
    role: 'tool',
    content: [
      {
        type: 'tool-result',
        toolCallId: 'c1',
        toolName: 'look',
        output: { type: 'json', value: { seen: 1 } },
      },
    ],
  },
]

/** A request that uses every field. */
export const full = (): ModelCallRequest => ({
  tenant: 'shop-7',
  scope: 'user-1',
  operation: 'chat',
  provider: 'openai.chat',
  model: 'gpt-4-0613',
  messages: [
    { role: 'system', content: 'You are a coach.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is on this?' },
        { type: 'file', mediaType: 'image/png', filename: 'shot.png', data: image },
        { type: 'file', mediaType: 'image/png', data: new URL('https://example.com/a.png') },
      ],
    },
    ...toolTurns(),
  ],
  input: { since: new Date(0) },
  tools: [
    {
      type: 'function',
      name: 'look',
      description: 'Looks',
      inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
      strict: true,
    },
    { type: 'provider', id: 'openai.search', name: 'search', args: { depth: 1 } },
  ],
  toolChoice: { type: 'tool', toolName: 'look' },
  parallelToolCalls: true,
  responseFormat: { type: 'json', name: 'seen', description: 'What', schema: { type: 'object' } },
  modalities: ['text'],
  sampling: {
    temperature: 0.3,
    topP: 0.9,
    topK: 40,
    minP: 0.1,
    presencePenalty: 0.1,
    frequencyPenalty: 0.2,
    repetitionPenalty: 1.1,
    maxOutputTokens: 500,
    logitBias: { '50256': -100 },
    logprobs: true,
    topLogprobs: 2,
    candidates: 1,
  },
  seed: 7,
  stop: ['END'],
  reasoning: { effort: 'low', budgetTokens: 100 },
  providerOptions: { openai: { verbosity: 'low' }, anthropic: { thinking: { type: 'enabled' } } },
  prompt: { id: 'coach', version: 'v7' },
  configurationVersion: '2026-11-01',
  rawChunks: true,
})

/** Every field of a request by its path, with a value that is not the one of `full`. */
export const changes: readonly (readonly [path: string, value: unknown])[] = [
  ['tenant', 'shop-8'],
  ['scope', 'user-2'],
  ['operation', 'embed'],
  ['provider', 'openai.responses'],
  ['model', 'gpt-4-1106'],
  ['messages.0.role', 'user'],
  ['messages.0.content', 'You are a coach. '],
  ['messages.1.content.0.text', 'What is on that?'],
  ['messages.1.content.1.data', new Uint8Array([137, 80, 78, 71, 1, 2, 4])],
  ['messages.1.content.1.mediaType', 'image/jpeg'],
  ['messages.1.content.1.filename', 'other.png'],
  ['messages.1.content.2.data', new URL('https://example.com/b.png')],
  ['messages.2.content.0.text', 'They ask for that.'],
  ['messages.2.content.1.toolCallId', 'c2'],
  ['messages.2.content.1.toolName', 'see'],
  ['messages.2.content.1.input.at', 'right'],
  ['messages.3.content.0.output.value.seen', 2],
  ['input.since', new Date(1)],
  ['tools.0.name', 'see'],
  ['tools.0.description', 'Sees'],
  ['tools.0.inputSchema.properties.at.type', 'number'],
  ['tools.0.strict', false],
  ['tools.1.id', 'openai.web'],
  ['tools.1.args.depth', 2],
  ['toolChoice.toolName', 'search'],
  ['parallelToolCalls', false],
  ['responseFormat.type', 'xml'],
  ['responseFormat.name', 'found'],
  ['responseFormat.description', 'Which'],
  ['responseFormat.schema.type', 'array'],
  ['modalities.0', 'audio'],
  ['sampling.temperature', 0.30000000000000004],
  ['sampling.topP', 0.8],
  ['sampling.topK', 41],
  ['sampling.minP', 0.2],
  ['sampling.presencePenalty', -0.1],
  ['sampling.frequencyPenalty', 0.3],
  ['sampling.repetitionPenalty', 1.2],
  ['sampling.maxOutputTokens', 501],
  ['sampling.logitBias.50256', 100],
  ['sampling.logprobs', false],
  ['sampling.topLogprobs', 3],
  ['sampling.candidates', 2],
  ['seed', 8],
  ['stop.0', 'STOP'],
  ['reasoning.effort', 'high'],
  ['reasoning.budgetTokens', 200],
  ['providerOptions.openai.verbosity', 'high'],
  ['providerOptions.anthropic.thinking.type', 'disabled'],
  ['prompt.id', 'critic'],
  ['prompt.version', 'v8'],
  ['configurationVersion', '2026-11-02'],
  ['rawChunks', false],
]

/** A copy of a request with another value at a path; undefined takes it away. */
export function changed(path: string, value: unknown): ModelCallRequest {
  const request = full()
  const names = path.split('.')
  const last = names.pop() as string
  let parent = request as unknown as Record<string, unknown>
  for (const name of names) parent = parent[name] as Record<string, unknown>
  parent[last] = value
  return request
}
