import { expect, test } from 'vitest'
import { createEntityFinder } from '../src/recognise/entities.ts'
import { normalise } from '../src/recognise/normalise.ts'
import { read } from '../src/recognise/reading.ts'
import { saturday } from './setup.ts'

function entity(value: string, ...aliases: string[]) {
  return { id: 1, entity_value: value, canonical_form: `${value}市`, aliases, confidence_weight: 1 }
}

const city = {
  entity_type_code: 'city',
  total_entities: 4,
  last_updated: '2026-01-01T00:00:00Z',
  entities: {
    北京: entity('北京', '京城', 'BJ', 'Beijing'),
    shanghai: entity('上海', '魔都', 'SH'),
    西安: entity('西安', "Xi'an"),
    南京: entity('南京'),
  },
}
const airline = { ...city, entity_type_code: 'airline', entities: { 北京航空: entity('北京航空') } }
const find = createEntityFinder([city, airline])

test.each([
  ['从北京到上海', ['北京', '上海']],
  ['魔都', ['上海']],
  ['北京市', ['北京']],
  ['北京航空的机票', ['北京航空']],
  ['to shanghai', ['上海']],
  ['去bj', ['北京']],
  ['去bj出差', ['北京']],
  ['bjork', []],
  ['shoes', []],
  ["xi'an", ['西安']],
  ['beijings', []],
  ['', []],
])('%s names %j', (sentence, expected) => {
  expect(find(sentence).map(({ value }) => value)).toEqual(expected)
})

test('spans are those of the normalised sentence, and keep its capitals', () => {
  const { text, lower } = normalise('　Ｆｌｙ ｔｏ  ＳＨ\u0000！')
  expect(text).toBe('Fly to SH !')
  expect(lower).toHaveLength(text.length)
  const [match] = find(lower)
  expect(match).toMatchObject({ value: '上海', canonical: '上海市', type: 'city', start: 7, end: 9 })
  expect(normalise('İstanbul').lower).toHaveLength(normalise('İstanbul').text.length)
})

test.each([
  ['从北京出发', { 北京: 'departure' }],
  ['由北京走', { 北京: 'departure' }],
  ['北京出发', { 北京: 'departure' }],
  ['去上海', { 上海: 'arrival' }],
  ['飞上海', { 上海: 'arrival' }],
  ['上海的机票', { 上海: 'arrival' }],
  ['北京到上海', { 北京: 'departure', 上海: 'arrival' }],
  ['北京明天飞上海', { 北京: 'departure', 上海: 'arrival' }],
  ['上海-北京', { 上海: 'departure', 北京: 'arrival' }],
  ['到上海，从北京出发', { 上海: 'arrival', 北京: 'departure' }],
  ['from Beijing to Shanghai', { 北京: 'departure', 上海: 'arrival' }],
  ['to Shanghai from Beijing', { 北京: 'departure', 上海: 'arrival' }],
  ['Beijing to Shanghai', { 北京: 'departure', 上海: 'arrival' }],
  ['leaving Beijing tomorrow', { 北京: 'departure' }],
  ['目的地是上海', { 上海: 'arrival' }],
  ['出发地改成南京', { 南京: 'departure' }],
  ['北京', { 北京: undefined }],
])('in %s the roles are %j', (sentence, expected) => {
  const { entities } = read(sentence, find, saturday)
  expect(Object.fromEntries(entities.map(({ value, role }) => [value, role]))).toEqual(expected)
})
