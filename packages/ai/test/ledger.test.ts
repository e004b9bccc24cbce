import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createCache, defineCatalog, defineSpace, race } from '@reprise/cache'
import { type LedgerEntry, createLedger, ledgerKinds, mergeSnapshots } from '../src/ledger/ledger.ts'
import { noTokens } from '../src/ledger/usage.ts'
import { watchUpgrades } from '../src/ledger/watch-upgrades.ts'
import { read, said, settle, streamOf } from './model.ts'
import { table } from './price-rig.ts'
import { ask, useRig } from './rig.ts'

const entry: LedgerEntry = {
  kind: 'spent',
  space: 'model_call',
  tenant: 'shop',
  provider: 'openai.chat',
  model: 'm-1',
  usage: { ...noTokens, input: 10, output: 5 },
}

describe('the ledger', () => {
  test('a model without prices is counted in tokens, and its money is not claimed', () => {
    const ledger = createLedger({ prices: table })
    expect(ledger.record({ ...entry, model: 'new' })).toBeUndefined()
    expect(ledger.record(entry)).toBe(60)
    expect(ledger.snapshot().totals.spent).toEqual({
      ...noTokens,
      calls: 2,
      input: 20,
      output: 10,
      cost: 60,
      unpriced: 1,
    })
  })

  test('batches and images are money where their prices are listed, and unpriced where not', () => {
    const ledger = createLedger({ prices: table })
    const usage = { ...noTokens, input: 10, output: 5 }
    const made = { ...entry, usage: undefined, images: 3 }
    expect([
      ledger.record({ ...entry, model: 'm-3', usage, batch: true }),
      ledger.record({ ...entry, model: 'm-3', usage, images: 2 }),
      ledger.record({ ...made, model: 'dall-e' }),
      ledger.record({ ...made, model: 'dall-e', usage: noTokens }),
    ]).toEqual([10 + 20, 10 * 2 + 5 * 8 + 2 * 5, 3, 3])
    const unknown = [
      { ...entry, batch: true },
      { ...entry, images: 1 },
      { ...made, model: 'm-1' },
      { ...made, model: 'dall-e', batch: true },
      { ...made, model: 'dall-e', usage },
    ]
    expect(unknown.map((one) => ledger.record(one))).toEqual(unknown.map(() => undefined))
    expect(ledger.snapshot().totals.spent).toMatchObject({ calls: 9, cost: 106, unpriced: 5 })
  })

  test('ledgers of several processes are one: merged in any grouping they say what one would have said', () => {
    const some = fc.record({
      kind: fc.constantFrom(...(Object.keys(ledgerKinds) as (keyof typeof ledgerKinds)[])),
      space: fc.constantFrom('a', 'b'),
      tenant: fc.constantFrom('t1', 't2'),
      provider: fc.constant('openai'),
      model: fc.constantFrom('m-1', 'new'),
      usage: fc.record(Object.fromEntries(Object.keys(noTokens).map((name) => [name, fc.nat(99)]))),
    }) as unknown as fc.Arbitrary<LedgerEntry>
    const sorted = (rows: readonly object[]) =>
      rows.map((row) => JSON.stringify(row, Object.keys(row).toSorted())).toSorted()
    fc.assert(
      fc.property(fc.array(fc.tuple(some, fc.nat(2)), { minLength: 1 }), (entries) => {
        const one = createLedger({ prices: table, now: () => 5 })
        const several = [0, 1, 2].map((at) => createLedger({ prices: table, now: () => 5 + at }))
        for (const [own, at] of entries) {
          one.record(own)
          several[at]?.record(own)
        }
        const [a, b, c] = several.map(
          (ledger) => JSON.parse(JSON.stringify(ledger.snapshot())) as ReturnType<typeof one.snapshot>,
        )
        const merged = mergeSnapshots([a as never, mergeSnapshots([b as never, c as never])])
        expect(sorted(merged.rows)).toEqual(sorted(one.snapshot().rows))
        expect(merged.totals).toEqual(one.snapshot().totals)
        expect([merged.since, merged.prices]).toEqual([5, [{ version: '1', source: 'a test' }]])
      }),
    )
  })

  test('tenants are bounded: those that come later are counted together', () => {
    const ledger = createLedger({ maxRows: 2 })
    for (const tenant of ['a', 'b', 'c', 'd', 'a']) ledger.record({ ...entry, tenant })
    const { rows, totals } = ledger.snapshot()
    expect(rows.map(({ tenant, calls }) => [tenant, calls])).toEqual([
      ['a', 2],
      ['b', 1],
      ['(others)', 2],
    ])
    expect(totals.spent.calls).toBe(5)
  })

  test('listeners hear every entry with its cost, until they stop; one that throws breaks nothing', () => {
    const ledger = createLedger({ prices: table })
    const heard: unknown[] = []
    ledger.onRecord(() => {
      throw new Error('a bad listener')
    })
    const stop = ledger.onRecord(({ cost: paid }) => heard.push(paid))
    ledger.record(entry)
    stop()
    ledger.record(entry)
    expect(heard).toEqual([60])
  })
})

describe('calls of models', () => {
  const rig = useRig()
  const counted = () => {
    const ledger = createLedger({ prices: table })
    return { ledger, model: rig.wrapped({ ledger }), calls: () => callsOf(ledger.snapshot().totals) }
  }
  const callsOf = (totals: Record<string, { calls: number; cost: number }>) =>
    Object.fromEntries(
      Object.entries(totals).flatMap(([kind, sums]) =>
        sums.calls === 0 ? [] : [[kind, [sums.calls, sums.cost]]],
      ),
    )

  test('one is spent, who waits with it is coalesced, who comes later is avoided; the bill is what was paid', async () => {
    const { model, calls, ledger } = counted()
    await Promise.all(Array.from({ length: 5 }, async () => model.doGenerate(ask())))
    await model.doGenerate(ask())
    await read((await model.doStream(ask())).stream)
    expect(calls()).toEqual({ spent: [1, 60], coalesced: [4, 240], avoided: [2, 120] })
    expect(ledger.snapshot().rows[0]).toMatchObject({
      space: 'model_call',
      tenant: 'shop',
      provider: 'stand-in',
      model: 'm-1',
    })
    expect((await rig.cache.entries()).items[0]?.meta).toEqual({ model: 'm-1', cost: 60 })
  })

  test('streams count as the same', async () => {
    const { model, calls } = counted()
    rig.upstream.parts = streamOf('a')
    const streams = await Promise.all([model.doStream(ask()), model.doStream(ask())])
    await Promise.all(streams.map(async ({ stream }) => read(stream)))
    expect(calls()).toEqual({ spent: [1, 60], coalesced: [1, 60] })
  })

  test('a new answer for an old one is refreshed', async () => {
    const { model, calls } = counted()
    await model.doGenerate(ask())
    await model.doGenerate(ask('hello', { providerOptions: { reprise: { regenerate: true } } }))
    expect(calls()).toEqual({ spent: [1, 60], refreshed: [1, 60] })
  })

  test('what fails is wasted, with no claim of what it cost', async () => {
    const { model, calls, ledger } = counted()
    rig.upstream.answer = async () => Promise.reject(new Error('overloaded'))
    await expect(model.doGenerate(ask())).rejects.toThrow('overloaded')
    expect(calls()).toEqual({ wasted: [1, 0] })
    expect(ledger.snapshot().totals.wasted.unpriced).toBe(1)
  })

  test('an answer that is not kept is spent where somebody waits for it, and wasted where all have left', async () => {
    const { model, calls } = counted()
    const cut = { ...said('half'), finishReason: { unified: 'length' as const, raw: 'max' } }
    rig.upstream.answer = async () => cut
    await model.doGenerate(ask())
    let finish!: () => void
    rig.upstream.answer = async () => {
      await new Promise<void>((resolve) => (finish = resolve))
      return cut
    }
    const leaving = new AbortController()
    const left = model.doGenerate(ask('hello', { abortSignal: leaving.signal }))
    await settle()
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    finish()
    await settle()
    expect(calls()).toEqual({ spent: [1, 60], wasted: [1, 60] })
  })
})

test('races tell what their better answers cost', async () => {
  const schema = z.object({ mood: z.string() })
  const space = defineSpace({ name: 'nlu', key: 'nlu:{tenant}:{text}', schema, ttl: '1h' })
  const catalog = defineCatalog({ prefix: 'races', spaces: [space] })
  const cache = await createCache({ catalog, sweepEvery: 0 })
  const ledger = createLedger()
  const stop = watchUpgrades(ledger, cache)
  const load = race(
    {
      fast: async ({ meta }) => {
        meta({ model: 'small', cost: 1 })
        return { mood: 'fine' }
      },
      premium: async ({ meta }) => {
        meta({ model: 'large', cost: 20 })
        await settle()
        return { mood: 'fine, and a little tired' }
      },
    },
    { rank: { fast: 1, premium: 2 } },
  )
  await cache.open(space).getOrLoad({ tenant: 'shop', text: 'hi' }, load)
  await settle()
  await settle()
  expect(ledger.snapshot().rows).toMatchObject([
    { kind: 'upgraded', space: 'nlu', tenant: 'shop', model: 'large', provider: 'premium', cost: 20 },
  ])
  stop()
  await cache.close()
})
