import { expect, test } from 'vitest'
import { resolveChoice } from '../src/dialogue/choice.ts'
import { splitClauses } from '../src/recognise/clauses.ts'
import { createSpeller } from '../src/recognise/spelling.ts'

test.each([
  ['查一下余额，然后订明天去上海的机票', ['查一下余额', '订明天去上海的机票']],
  ['订机票，顺便查余额', ['订机票', '查余额']],
  ['订机票和酒店', ['订机票和酒店']],
  ['订机票，另外还有酒店', ['订机票', '订酒店']],
  ['我再考虑考虑', ['我再考虑考虑']],
  ['从北京和上海出发', ['从北京和上海出发']],
  ['Check my balance and then book a hotel', ['Check my balance', 'book a hotel']],
  ['I want a room for Tom and Anna', ['I want a room for Tom and Anna']],
  ['book a flight and also a hotel', ['book a flight', 'book a hotel']],
])('%s has its clauses', (sentence, clauses) => {
  expect(splitClauses(sentence)).toEqual(clauses)
})

const candidates = ['booking_flight', 'booking_train'].map((intent_name) => ({
  intent_name,
  confidence: 0.9,
  slots: {},
}))
const intents = [
  { intent_name: 'booking_flight', display_name: '机票预订', display_name_en: 'Flight booking' },
  { intent_name: 'booking_train', display_name: '火车票预订', display_name_en: 'Train booking' },
] as Parameters<typeof resolveChoice>[2]

test.each([
  ['1', 'booking_flight'],
  ['２', 'booking_train'],
  ['第二个', 'booking_train'],
  ['选一', 'booking_flight'],
  ['the second one', 'booking_train'],
  ['火车票', 'booking_train'],
  ['a flight please', 'booking_flight'],
  ['3', undefined],
  ['12月1日', undefined],
  ['flight or train', undefined],
  ['都不是', undefined],
])('%s chooses %s', (answer, intent) => {
  expect(resolveChoice(answer, candidates, intents)?.intent_name).toBe(intent)
})

test('misspelt words are set right, other words stay', () => {
  const entity = {
    id: 1,
    entity_value: '北京',
    canonical_form: '北京市',
    aliases: ['Beijing', 'Hangzhou'],
    confidence_weight: 1,
  }
  const spell = createSpeller({
    intents: [{ examples: ['book a flight', 'reserve a hotel'] }],
    dictionaries: [
      { entity_type_code: 'city', entities: { 北京: entity }, total_entities: 1, last_updated: '' },
    ],
  })
  expect(spell('a flihgt to bejing tomorow, and a hotle in hangzou')).toBe(
    'a flight to beijing tomorrow, and a hotel in hangzhou',
  )
  for (const right of ['light flights fight', 'the sunny monkey', '我想订 flight', "don't"])
    expect(spell(right)).toBe(right)
})
