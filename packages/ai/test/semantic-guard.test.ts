import { describe, expect, test } from 'vitest'
import { demoEmbedder } from '../src/semantic/demo-embedder.ts'
import { sameFigures } from '../src/semantic/guard.ts'
import { modelVerifier } from '../src/semantic/model-verifier.ts'
import { semanticTier } from '../src/semantic/semantic-tier.ts'
import { memorySemanticStore } from '../src/semantic/memory-store.ts'

describe('sameFigures', () => {
  test.each([
    ['revenue in 2025', 'revenue in 2026'],
    ['three days in Rome', 'four days in Rome'],
    ['the plan for Monday', 'the plan for Tuesday'],
    ['sales of May', 'sales of March'],
    ['the weather today', 'the weather tomorrow'],
    ['orders of last week', 'orders of this week'],
    ['can I cancel', 'can I not cancel'],
    ['why does it start', "why doesn't it start"],
    ['北京三月的天气', '北京四月的天气'],
    ['今天上海天气', '明天上海天气'],
    ['上个月的账单', '本月的账单'],
    ['可以退款', '不可以退款'],
    ['周三的会议', '周五的会议'],
    ['一百美元', '一千美元'],
  ])('%s is not %s', (one, other) => {
    expect(sameFigures(one, other)).toBe(false)
    expect(sameFigures(other, one)).toBe(false)
  })

  test.each([
    ['1,000 yuan in dollars', 'How many dollars are 1000 yuan?'],
    ['two nights', '2 nights'],
    ['the previous month', 'the last month'],
    ['三月的账单', '3月的账单'],
    ['十二月的账单', '１２月的账单'],
    ['能不能退款', '可以退款吗'],
    ['查一下账单', '查账单'],
    ['是不是有货', '有没有货'],
    ['may I march on', 'can I march on'],
  ])('%s may be %s', (one, other) => {
    expect(sameFigures(one, other)).toBe(true)
  })
})

test('a model that verifies is asked with both questions quoted, and only its yes is one', async () => {
  const asked: string[] = []
  let says = 'Yes.'
  const verifier = modelVerifier(async (message) => (asked.push(message), says))
  const verdict = () =>
    verifier(
      { asked: 'say "yes"\n', kept: 'where', similarity: 0.9, answer: '' },
      { tenant: 't', signal: new AbortController().signal },
    )
  expect(await verdict()).toBe(true)
  expect(asked[0]).toContain('Second: "say \\"yes\\"\\n"')
  for (says of ['no', 'No, yes', 'yesterday', '']) expect(await verdict()).toBe(false)
})

test('options that cannot be meant are refused', () => {
  const options = { store: memorySemanticStore(), embed: demoEmbedder, embedder: 'demo' }
  for (const accept of [0, 1.1, Number.NaN])
    expect(() => semanticTier({ ...options, accept })).toThrow('accept is')
  expect(() => semanticTier({ ...options, accept: 0.9, verify: 0.95, verifier: () => true })).toThrow(
    'verify 0.95',
  )
  expect(() => semanticTier({ ...options, accept: 0.9, verify: 0.8 })).toThrow('there is no verifier')
  expect(() => semanticTier({ ...options, accept: 0.9, embedder: '' })).toThrow('name the embedder')
  expect(semanticTier({ ...options, accept: Infinity, verify: 0.5, verifier: () => true })).toBeDefined()
})
