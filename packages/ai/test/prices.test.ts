import { describe, expect, test } from 'vitest'
import { batchCostOf, costOf, readPrices } from '../src/ledger/price-table.ts'
import { somePrices } from '../src/ledger/some-prices.ts'
import { noTokens } from '../src/ledger/usage.ts'
import { table } from './price-rig.ts'

const cost = (provider: string, model: string, usage: Partial<typeof noTokens>) => {
  const prices = table.pricesOf(provider, model)
  return prices === undefined ? undefined : costOf(prices, { ...noTokens, ...usage })
}

describe('prices', () => {
  test('tokens of each kind have their price, and what the provider had in its cache is not paid twice', () => {
    expect(cost('openai.chat', 'm-1', { input: 10, output: 5 })).toBe(10 * 2 + 5 * 8)
    expect(cost('openai', 'm-1', { input: 10, cacheRead: 8, output: 5 })).toBe(2 * 2 + 8 * 0.5 + 5 * 8)
    expect(cost('openai', 'm-1', { input: 10, cacheWrite: 4 })).toBe(10 * 2)
    expect(cost('x', 'm-2', { input: 10, cacheRead: 2, cacheWrite: 3, output: 6, reasoning: 4 })).toBe(
      5 * 2 + 2 * 1 + 3 * 2.5 + 2 * 8 + 4 * 4,
    )
  })

  test('a long request is billed by its own prices from the first token', () => {
    expect(cost('x', 'm-2', { input: 200_000, output: 1 })).toBe(200_000 * 2 + 8)
    expect(cost('x', 'm-2', { input: 200_001, cacheRead: 1, output: 1 })).toBe(200_000 * 4 + 1 + 12)
  })

  test('the provider goes before the model alone; names of your own are known; nothing is guessed', () => {
    expect(cost('azure.chat', 'm-1', { input: 1 })).toBe(3)
    expect(cost('x', 'mine', { input: 1 })).toBe(2)
    for (const unknown of ['m-1-2026', 'dall-e', 'sample_spec', 'toString'])
      expect(cost('x', unknown, { input: 1 })).toBeUndefined()
  })

  test.for([
    [null],
    ['x'],
    [[]],
    [{ a: { input_cost_per_token: -1 } }],
    [{ a: { input_cost_per_token: '3' } }],
    [{ a: { input_cost_per_token: 3, output_cost_per_token: 1, input_cost_per_token_batches: -1 } }],
    [{ a: { output_cost_per_image: '1' } }],
  ])('%j is refused', ([bad]) => {
    expect(() => readPrices(bad, { version: '1', source: 's' })).toThrow(
      expect.objectContaining({ code: 'E_CALL_OPTION' }),
    )
  })

  test('a batch has its own prices, where all of them are listed', () => {
    const batch = (model: string, usage: Partial<typeof noTokens>) => {
      const prices = table.pricesOf('x', model)
      return prices === undefined ? undefined : batchCostOf(prices, { ...noTokens, ...usage })
    }
    expect(batch('m-3', { input: 10, cacheRead: 4, output: 5, reasoning: 2 })).toBe(10 * 1 + 5 * 4)
    expect(batch('embed-1', { input: 10 })).toBe(10)
    expect(batch('m-3', { input: 200_001 })).toBeUndefined()
    for (const model of ['m-1', 'half-listed']) expect(batch(model, { input: 1 })).toBeUndefined()
  })

  test('an image that is made has a price by the piece or by its size; one that is looked at has none', () => {
    const prices = (['dall-e', 'm-3', 'low/1024-x-1536/painter', 'hd/8-x-16/painter'] as const).map((model) =>
      table.imagePriceOf('x', model),
    )
    expect(prices).toEqual([1, 5, 0.5, 8 * 16 * 0.25])
    for (const model of ['embed-1', 'painter', 'm-1', 'none'])
      expect(table.imagePriceOf('x', model)).toBeUndefined()
  })

  test('those that come with the package say where they are from', () => {
    const prices = somePrices({ coach: 'gpt-4.1-mini' })
    expect(prices.source).toContain('litellm')
    const million = { ...noTokens, input: 1_000_000, output: 1_000_000 }
    const { input } = prices.pricesOf('openai.chat', 'coach') ?? { input: 0 }
    expect(input * million.input).toBeCloseTo(0.4)
  })
})
