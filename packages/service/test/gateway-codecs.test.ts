import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anthropicMessages } from '../src/gateway/anthropic-messages.ts'
import { continuing } from '../src/gateway/continuing.ts'
import type { Json } from '../src/gateway/json.ts'
import type { Protocol, SseEvent } from '../src/gateway/protocol.ts'
import { cacheStatus, readCacheControl } from '../src/gateway/cache-control.ts'
import { openaiChat } from '../src/gateway/openai-chat.ts'
import { openaiResponses } from '../src/gateway/openai-responses.ts'
import { serves } from '../src/gateway/upstream.ts'

const words = fc.string({ unit: 'grapheme' })
const usage = fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat(), total_tokens: fc.nat() })
const toolCall = fc.record({
  id: fc.uuid(),
  type: fc.constant('function'),
  function: fc.record({ name: fc.string({ minLength: 1 }), arguments: fc.json() }),
})
const completion = fc
  .record({
    id: fc.uuid(),
    created: fc.nat(),
    model: fc.string(),
    choices: fc.array(
      fc.record({
        message: fc.oneof(
          fc.record({ role: fc.constant('assistant'), content: words, refusal: fc.constant(null) }),
          fc.record({
            role: fc.constant('assistant'),
            content: fc.constant(null),
            refusal: fc.constant(null),
            tool_calls: fc.array(toolCall, { minLength: 1, maxLength: 3 }),
          }),
        ),
        logprobs: fc.constant(null),
        finish_reason: fc.constantFrom('stop', 'length', 'tool_calls'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    usage,
  })
  .map(({ choices, ...rest }) => ({
    ...rest,
    object: 'chat.completion',
    choices: choices.map((choice, index) => ({ index, ...choice })),
  }))

const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text: words }),
  fc.record({ type: fc.constant('thinking'), thinking: words, signature: fc.string() }),
  fc.record({
    type: fc.constant('tool_use'),
    id: fc.uuid(),
    name: fc.string(),
    input: fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      fc.integer(),
    ),
  }),
)
const message = fc.record({
  id: fc.uuid(),
  type: fc.constant('message'),
  role: fc.constant('assistant'),
  model: fc.string(),
  content: fc.array(block),
  stop_reason: fc.constantFrom('end_turn', 'tool_use', 'max_tokens'),
  stop_sequence: fc.constant(null),
  usage: fc.record({ input_tokens: fc.nat(), output_tokens: fc.nat() }),
})

describe('an answer that is split into events and put together again', () => {
  it('is the same completion', () => {
    fc.assert(
      fc.property(completion, (whole) => {
        expect(openaiChat.assemble(openaiChat.split(whole))).toEqual(whole)
      }),
    )
  })

  it('is the same message', () => {
    fc.assert(
      fc.property(message, (whole) => {
        expect(anthropicMessages.assemble(anthropicMessages.split(whole))).toEqual(whole)
      }),
    )
  })

  it('is the same response', () => {
    const whole = {
      id: 'r',
      status: 'completed',
      output: [{ type: 'message', id: 'm', content: [{ type: 'output_text', text: 'x' }] }],
      usage: {},
    }
    expect(openaiResponses.assemble(openaiResponses.split(whole))).toEqual(whole)
  })

  it('is none while any event before its end is missing', () => {
    fc.assert(
      fc.property(message, fc.nat(), (whole, cut) => {
        const events = anthropicMessages.split(whole)
        expect(anthropicMessages.assemble(events.slice(0, cut % events.length))).toBeUndefined()
      }),
    )
    fc.assert(
      fc.property(completion, (whole) => {
        const events = openaiChat.split(whole)
        expect(openaiChat.assemble(events.slice(0, -2))).toBeUndefined()
      }),
    )
  })
})

describe('an answer of which a part was given', () => {
  /** The events of an answer, each text in pieces of one and two characters. */
  function cut(protocol: Protocol, whole: Json): SseEvent[] {
    return protocol.split(whole).flatMap((event) => {
      const [piece] = protocol.piecesOf(event)
      if (piece?.text === undefined || piece.text.length < 2) return [event]
      return [piece.text.slice(0, 1), piece.text.slice(1)].map((text) => protocol.withText(event, text))
    })
  }

  function rest(protocol: Protocol, given: readonly SseEvent[], whole: Json): (SseEvent[] | undefined)[] {
    const next = continuing(protocol)(given)
    return protocol.split(whole).map((event) => next(event) as SseEvent[] | undefined)
  }

  it('goes on where it was, in every protocol', () => {
    const response = (text: string): Json => ({
      id: 'r',
      status: 'completed',
      output: [{ type: 'message', id: 'm', content: [{ type: 'output_text', text }] }],
      usage: {},
    })
    const cases: [Protocol, fc.Arbitrary<Json>][] = [
      [openaiChat, completion],
      [anthropicMessages, message],
      [openaiResponses, words.map(response)],
    ]
    for (const [protocol, answers] of cases) {
      fc.assert(
        fc.property(answers, fc.nat(), (whole, place) => {
          const events = cut(protocol, whole)
          const given = events.slice(0, place % (events.length + 1))
          const following = rest(protocol, given, whole).flatMap((part) => part ?? [{ data: 'another' }])
          expect(protocol.assemble([...given, ...following])).toEqual(whole)
        }),
      )
    }
  })

  it('is told to be another one where it says something else', () => {
    const said = (content: string): Json => ({
      id: 'c',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    })
    const given = openaiChat.split(said('one two')).slice(0, 2)
    expect(rest(openaiChat, given, said('one three'))).toContain(undefined)
    expect(rest(openaiChat, given, said('one two three'))).not.toContain(undefined)
  })
})

describe('headers', () => {
  it('are read as RFC 9111 has them', () => {
    expect(readCacheControl(undefined)).toEqual({
      past: false,
      anew: false,
      maxAge: Infinity,
      onlyKept: false,
    })
    expect(readCacheControl('No-Cache, max-age="60"')).toMatchObject({ anew: true, maxAge: 60_000 })
    expect(readCacheControl('max-age=0').anew).toBe(true)
    expect(() => readCacheControl('max-age=-1')).toThrow(/max-age="-1" is no number/)
  })

  it('are written as RFC 9211 has them', () => {
    expect(cacheStatus({ hit: true, key: 'a"b\\é' })).toBe('Reprise; hit; key="a\\"b\\\\?"')
    expect(cacheStatus({ hit: false, forward: 'uri-miss', collapsed: true })).toBe(
      'Reprise; fwd=uri-miss; collapsed',
    )
  })
})

it('a pattern of models matches as a whole, and only * is special', () => {
  const upstream = { name: 'u', kind: 'openai' as const, baseUrl: 'http://x', models: ['gpt-4.1*', 'o3'] }
  expect(['gpt-4.1', 'gpt-4.1-mini', 'o3'].map((model) => serves(upstream, model))).toEqual([
    true,
    true,
    true,
  ])
  expect(['gpt-4x1', 'o3-mini', 'xgpt-4.1'].map((model) => serves(upstream, model))).toEqual([
    false,
    false,
    false,
  ])
})
