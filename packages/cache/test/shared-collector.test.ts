import { expect, test } from 'vitest'
import { type Taker, createSharedCollector } from '../src/cluster/shared-collector.ts'
import type { Shared, SharedKey } from '../src/cluster/shared.ts'
import { RepriseError } from '../src/errors.ts'

/** A store that answers each key with its name, or fails. */
function storeOf(failure?: RepriseError): { shared: Shared; asked: string[][] } {
  const asked: string[][] = []
  const shared = {
    async read(keys: readonly SharedKey[]) {
      asked.push(keys.map(({ key }) => key))
      if (failure !== undefined) throw failure
      const records = keys.map(({ key }) => ({ key, body: key, createdAt: 0, expiresAt: Infinity }))
      return { records, head: { era: 'e', n: 0, floor: 0 } }
    },
  } as unknown as Shared
  return { shared, asked }
}

const level = { reach: () => undefined }
const taker = (key: string): Taker<unknown> => ({
  key,
  format: 'entry',
  found: (record) => record?.body,
  failed: (error) => error,
})

test('readers of one key in one tick share one transfer, and each gets the answer', async () => {
  const { shared, asked } = storeOf()
  const collect = createSharedCollector(shared, level)
  const reads = ['a', 'b', 'a', 'a'].map((key) => collect(taker(key)))
  expect(await Promise.all(reads)).toEqual(['a', 'b', 'a', 'a'])
  expect(asked).toEqual([['a', 'b']])
  await collect(taker('a'))
  expect(asked).toHaveLength(2)
})

test('a failure reaches every reader, and a taker that throws fails itself alone', async () => {
  const failure = new RepriseError('E_TIER_READ', 'away')
  const away = createSharedCollector(storeOf(failure).shared, level)
  expect(await Promise.all([away(taker('a')), away(taker('a'))])).toEqual([failure, failure])
  const collect = createSharedCollector(storeOf().shared, level)
  const bad = collect({
    ...taker('a'),
    found: () => {
      throw new Error('cannot be read')
    },
  })
  const good = collect(taker('a'))
  await expect(bad).rejects.toThrow('cannot be read')
  expect(await good).toBe('a')
})
