import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AnswerFacts, type Demands, refusalOf } from '../src/admission.ts'
import { answersAt, readVariety } from '../src/variety.ts'

const good: AnswerFacts = { complete: true, finishReason: 'stop', text: 'fine', toolCalls: [], other: false }
const none: Demands = { tools: new Map() }
const schema = z.toJSONSchema(z.object({ mood: z.enum(['good', 'bad']) }))
const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['mood'] }
const at = { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] }

describe('what is kept', () => {
  test.for<[string, Partial<AnswerFacts>, Demands]>([
    ['text that ended', {}, none],
    [
      'tool calls without text',
      { finishReason: 'tool-calls', text: '', toolCalls: [{ name: 'look', input: '{"at":"x"}' }] },
      { tools: new Map([['look', at]]) },
    ],
    [
      'tool calls where JSON was asked for',
      { finishReason: 'tool-calls', text: '', toolCalls: [{ name: 'a', input: '' }] },
      { json: { schema }, tools: new Map() },
    ],
    ['a file without text', { text: '', other: true }, none],
    ['JSON of its schema', { text: '{"mood":"good"}' }, { ...none, json: { schema } }],
    ['JSON of a schema of draft 7', { text: '{"mood":1}' }, { ...none, json: { schema: draft7 } }],
    ['JSON without a schema', { text: '[1]' }, { ...none, json: {} }],
    [
      'JSON of a schema that nobody can compile',
      { text: '{}' },
      { ...none, json: { schema: { $ref: 'https://a.b/c' } } },
    ],
  ])('%s', ([, facts, demands]) => {
    expect(refusalOf({ ...good, ...facts }, demands)).toBeUndefined()
  })
})

describe('what is not', () => {
  test.for<[string, Partial<AnswerFacts>, Demands]>([
    ['interrupted', { complete: false }, none],
    ['truncated', { finishReason: 'length' }, none],
    ['filtered', { finishReason: 'content-filter' }, none],
    ['failed', { finishReason: 'error' }, none],
    ['interrupted', { finishReason: 'interrupted' }, none],
    ['unfinished', { finishReason: 'other' }, none],
    ['unfinished', { finishReason: 'constructor' }, none],
    ['empty', { text: ' \n' }, none],
    ['not-json', { text: '{"mood":' }, { ...none, json: {} }],
    ['schema-failed', { text: '{"mood":"so-so"}' }, { ...none, json: { schema } }],
    ['schema-failed', { text: '{}' }, { ...none, json: { schema: draft7 } }],
    [
      'tool-input-failed',
      { toolCalls: [{ name: 'look', input: '{"at":1}' }] },
      { tools: new Map([['look', at]]) },
    ],
    ['tool-input-failed', { toolCalls: [{ name: 'look', input: '' }] }, { tools: new Map([['look', at]]) }],
    ['tool-input-failed', { toolCalls: [{ name: 'any', input: '{"at"' }] }, none],
  ])('%s %o', ([refusal, facts, demands]) => {
    expect(refusalOf({ ...good, ...facts }, demands)).toBe(refusal)
    expect(refusalOf({ ...good, ...facts }, demands, { alsoKeep: [refusal as 'empty'] })).toBeUndefined()
  })

  test('what the application refuses, of what would be kept', () => {
    const check = ({ text }: AnswerFacts) => !text.includes('I cannot')
    expect(refusalOf(good, none, { check })).toBeUndefined()
    expect(refusalOf({ ...good, text: 'I cannot do that' }, none, { check })).toBe('rejected')
  })

  test('keeping one kind keeps no other', () => {
    expect(
      refusalOf({ ...good, complete: false, finishReason: 'length' }, none, { alsoKeep: ['truncated'] }),
    ).toBe('interrupted')
  })
})

describe('variety', () => {
  const rules = readVariety([{ upTo: 0.3, answers: 1 }, { upTo: 1, answers: 4 }, { answers: 0 }])

  test.for<[number | undefined, number]>([
    [0, 1],
    [0.3, 1],
    [0.31, 4],
    [undefined, 4],
    [1, 4],
    [1.2, 0],
  ])('temperature %s keeps %s', ([temperature, answers]) => {
    expect(answersAt(rules, temperature)).toBe(answers)
  })

  test('no rule keeps one', () => {
    expect(answersAt(readVariety([{ upTo: 0, answers: 3 }]), 0.5)).toBe(1)
    expect(answersAt(readVariety(), 2)).toBe(1)
  })

  test.for([
    [[{ answers: -1 }], '-1'],
    [[{ answers: 1.5 }], '1.5'],
    [[{ answers: 1 }, { upTo: 1, answers: 1 }], 'upTo is 1'],
    [
      [
        { upTo: 1, answers: 1 },
        { upTo: 1, answers: 2 },
      ],
      'upTo is 1',
    ],
    [[{ upTo: Number.NaN, answers: 1 }], 'NaN'],
  ] as const)('%o is refused', ([bad, quoted]) => {
    expect(() => readVariety(bad)).toThrow(
      expect.objectContaining({ code: 'E_CALL_OPTION', message: expect.stringContaining(quoted) as string }),
    )
  })
})
