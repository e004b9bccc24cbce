import { type Json, asJson, asList, asNumber, asText, isJson, parseJson, without } from './json.ts'
import type { SseEvent, StreamPiece } from './protocol.ts'

/** A choice while its deltas are put together. */
interface Choice {
  message: Record<string, unknown>
  readonly calls: Map<number, Record<string, unknown>>
  readonly logprobs: { readonly content: unknown[]; readonly refusal: unknown[] }
  finishReason: unknown
}

/** The completion that the chunks of a stream amount to; undefined until every choice has its finish reason. */
export function assembleChat(events: readonly SseEvent[]): Json | undefined {
  const chunks = events.flatMap(({ data }): Json[] => {
    const chunk = parseJson(data)
    return chunk === undefined ? [] : [chunk]
  })
  const [first] = chunks
  if (first === undefined || chunks.some((chunk) => 'error' in chunk)) return undefined
  const choices = new Map<number, Choice>()
  for (const chunk of chunks) for (const choice of asList(chunk['choices'])) addDelta(choices, choice)
  const ended = [...choices.values()]
  if (ended.length === 0 || ended.some(({ finishReason }) => typeof finishReason !== 'string'))
    return undefined
  const usage = chunks.findLast((chunk) => isJson(chunk['usage']))?.['usage']
  return {
    ...without(first, 'choices', 'usage', 'obfuscation'),
    object: 'chat.completion',
    choices: [...choices.entries()]
      .toSorted(([a], [b]) => a - b)
      .map(([index, choice]) => whole(index, choice)),
    ...(usage === undefined ? {} : { usage }),
  }
}

function addDelta(choices: Map<number, Choice>, told: Json): void {
  const index = asNumber(told['index']) ?? 0
  const choice: Choice = choices.get(index) ?? {
    message: { role: 'assistant', content: null },
    calls: new Map(),
    logprobs: { content: [], refusal: [] },
    finishReason: undefined,
  }
  choices.set(index, choice)
  const { tool_calls: calls, ...delta } = asJson(told['delta'])
  choice.message = merged(choice.message, delta)
  for (const call of asList(calls)) {
    const at = asNumber(call['index']) ?? choice.calls.size
    choice.calls.set(at, merged(choice.calls.get(at) ?? {}, without(call, 'index')))
  }
  for (const name of ['content', 'refusal'] as const) {
    const more: unknown = asJson(told['logprobs'])[name]
    if (Array.isArray(more)) choice.logprobs[name].push(...(more as unknown[]))
  }
  choice.finishReason = told['finish_reason'] ?? choice.finishReason
}

/** Texts that come in pieces are joined, names that come once stay. */
const pieces = new Set([
  'content',
  'refusal',
  'arguments',
  'reasoning_content',
  'reasoning',
  'data',
  'transcript',
])

function merged(into: Record<string, unknown>, delta: Json): Record<string, unknown> {
  const result = { ...into }
  for (const [name, value] of Object.entries(delta)) {
    const before = result[name]
    if (value === null || value === undefined) continue
    if (typeof value === 'string' && pieces.has(name)) result[name] = asText(before) + value
    else if (isJson(value)) result[name] = merged(asJson(before), value)
    else if (Array.isArray(value) && Array.isArray(before))
      result[name] = [...(before as unknown[]), ...(value as unknown[])]
    else result[name] = value
  }
  return result
}

function whole(index: number, { message, calls, logprobs, finishReason }: Choice): Json {
  const told = logprobs.content.length + logprobs.refusal.length > 0
  return {
    index,
    message: {
      ...message,
      refusal: message['refusal'] ?? null,
      ...(calls.size === 0
        ? {}
        : { tool_calls: [...calls.entries()].toSorted(([a], [b]) => a - b).map(([, call]) => call) }),
    },
    logprobs: told
      ? {
          content: logprobs.content.length > 0 ? logprobs.content : null,
          refusal: logprobs.refusal.length > 0 ? logprobs.refusal : null,
        }
      : null,
    finish_reason: finishReason,
  }
}

/** The chunks that a completion would have come as: each choice's role, its texts, its calls and its end; then the usage. */
export function splitChat(answer: Json): readonly SseEvent[] {
  const { usage, choices, ...facts } = answer
  const chunk = (rest: Json): SseEvent => ({
    data: JSON.stringify({ ...facts, object: 'chat.completion.chunk', ...rest }),
  })
  const parts = asList(choices).map((choice) => splitChoice(choice, chunk))
  // Every choice begins before any ends: only so a reader knows that none is missing.
  const told = [...parts.map(([begin]) => begin), ...parts.flatMap(([, ...rest]) => rest)]
  return usage === undefined ? told : [...told, chunk({ choices: [], usage })]
}

function splitChoice(choice: Json, chunk: (rest: Json) => SseEvent): [SseEvent, ...SseEvent[]] {
  const index = asNumber(choice['index']) ?? 0
  const part = (delta: Json, rest: Json = {}): SseEvent =>
    chunk({ choices: [{ index, delta, logprobs: null, finish_reason: null, ...rest }] })
  const { role, tool_calls: calls, ...message } = asJson(choice['message'])
  const logprobs = choice['logprobs'] ?? null
  return [
    part({ role }),
    ...Object.entries(message).flatMap(([name, value]) =>
      value === null ? [] : [part({ [name]: value }, name === 'content' ? { logprobs } : {})],
    ),
    ...asList(calls).flatMap((call, place) =>
      splitCall(call, place).map((one) => part({ tool_calls: [one] })),
    ),
    part({}, { finish_reason: choice['finish_reason'] }),
  ]
}

/** A call comes as its name, then its input. */
function splitCall(call: Json, index: number): readonly Json[] {
  const made = call['function']
  if (!isJson(made)) return [{ index, ...call }]
  return [
    { index, ...call, function: { ...made, arguments: '' } },
    { index, function: { arguments: made['arguments'] } },
  ]
}

/** What a chunk tells, piece by piece. */
export function chatPieces({ data }: SseEvent): readonly StreamPiece[] {
  const chunk = parseJson(data) ?? {}
  const told = asList(chunk['choices']).flatMap((choice) => {
    const at = asNumber(choice['index']) ?? 0
    const { tool_calls: calls, ...delta } = asJson(choice['delta'])
    return [
      ...Object.entries(delta).flatMap(([name, value]) =>
        value === null ? [] : [{ slot: `${at}.${name}`, text: pieces.has(name) ? asText(value) : undefined }],
      ),
      ...asList(calls).flatMap((call) => callPieces(call, `${at}.call`)),
      ...(typeof choice['finish_reason'] === 'string' ? [{ slot: `${at}.end` }] : []),
    ]
  })
  return isJson(chunk['usage']) ? [...told, { slot: 'usage' }] : told
}

function callPieces(call: Json, before: string): readonly StreamPiece[] {
  const slot = `${before}${asNumber(call['index']) ?? 0}`
  const input = asText(asJson(call['function'])['arguments'])
  const named = 'id' in call || 'name' in asJson(call['function'])
  return [
    ...(named ? [{ slot }] : []),
    ...(named && input === '' ? [] : [{ slot: `${slot}.input`, text: input }]),
  ]
}

/** A chunk of one text with another in its place. */
export function chatWithText({ data }: SseEvent, text: string): SseEvent {
  const chunk = parseJson(data) ?? {}
  const choices = asList(chunk['choices']).map((choice) => {
    const delta = asJson(choice['delta'])
    const calls = asList(delta['tool_calls']).map((call) => ({
      ...call,
      function: { ...asJson(call['function']), arguments: text },
    }))
    const texts = Object.keys(delta).filter((name) => pieces.has(name))
    return {
      ...choice,
      logprobs: null,
      delta:
        calls.length > 0
          ? { tool_calls: calls }
          : { ...delta, ...Object.fromEntries(texts.map((name) => [name, text])) },
    }
  })
  return { data: JSON.stringify({ ...chunk, choices }) }
}
