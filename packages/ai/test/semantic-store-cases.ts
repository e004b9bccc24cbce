import { createFakeClock } from '@reprise/cache/testing'
import { beforeEach, expect, test } from 'vitest'
import type { SemanticBounds, SemanticStore } from '../src/semantic/semantic-store.ts'
import { at } from './semantic-rig.ts'

/** What every store of questions must do, as tests of the suite in which it is called. */
export function semanticStoreCases(make: (bounds: SemanticBounds) => SemanticStore): void {
  const clock = createFakeClock()
  const open = (bounds: SemanticBounds = {}) => make({ clock, ...bounds })
  const keep = (
    store: SemanticStore,
    question: string,
    { similarity = 1, context = 'c', tenant = 't' } = {},
  ) => store.keep({ context, tenant, question, vector: at(similarity) })
  const near = async (store: SemanticStore, context = 'c', atLeast = -1) =>
    (await store.nearest({ context, vector: [2, 0], atLeast, limit: 10 })).map(({ question }) => question)
  beforeEach(async () => {
    const store = open()
    await store.forgetTenant('t')
    await store.forgetTenant('u')
  })

  test('finds the nearest of a context first, no more and no farther than asked', async () => {
    const store = open()
    for (const similarity of [0.8, 0.99, 0.9]) await keep(store, `q ${similarity}`, { similarity })
    await keep(store, 'elsewhere', { context: 'd' })
    const search = { context: 'c', vector: [2, 0], atLeast: 0.85, limit: 1 }
    const [first, ...rest] = await store.nearest(search)
    expect([first?.question, first?.keptAt, rest]).toEqual(['q 0.99', clock.now(), []])
    expect(first?.similarity).toBeCloseTo(0.99, 5)
    expect((await store.nearest({ ...search, limit: 9 })).map(({ question }) => question)).toEqual([
      'q 0.99',
      'q 0.9',
    ])
  })

  test('keeps a question once, with its last vector, and forgets it when told', async () => {
    const store = open()
    await keep(store, 'where — 在哪里 \'"', { similarity: 0.5 })
    await keep(store, 'where — 在哪里 \'"', { similarity: 0.9 })
    expect(await near(store, 'c', 0.8)).toEqual(['where — 在哪里 \'"'])
    await store.forget('d', 'where — 在哪里 \'"')
    expect((await near(store)).length).toBe(1)
    await store.forget('c', 'where — 在哪里 \'"')
    expect(await near(store)).toEqual([])
  })

  test('forgets a question when its time is over, and a tenant when told', async () => {
    const store = open({ keepFor: '1h' })
    await keep(store, 'old', { similarity: 0.8 })
    await clock.advance(1_800_000)
    await keep(store, 'new', { similarity: 0.9 })
    await keep(store, 'of another', { similarity: 0.7, tenant: 'u' })
    await clock.advance(1_800_000)
    expect(await near(store)).toEqual(['new', 'of another'])
    await store.forgetTenant('t')
    expect(await near(store)).toEqual(['of another'])
  })

  test('holds no more of a tenant, and of all, than it may; what was not used goes first', async () => {
    const store = open({ maxPerTenant: 2, maxQuestions: 3 })
    await keep(store, 'a', { similarity: 0.9 })
    await clock.advance(1)
    await keep(store, 'b', { similarity: 0.8 })
    await clock.advance(1)
    await store.touch('c', 'a')
    await clock.advance(1)
    await keep(store, 'c', { similarity: 0.7 })
    expect(await near(store)).toEqual(['a', 'c'])
    await clock.advance(1)
    await keep(store, 'd', { similarity: 0.6, tenant: 'u' })
    await clock.advance(1)
    await keep(store, 'e', { similarity: 0.5, tenant: 'u' })
    expect(await near(store)).toEqual(['c', 'd', 'e'])
  })

  test('vectors of other sizes in other contexts are no trouble', async () => {
    const store = open()
    await keep(store, 'two')
    await store.keep({ context: 'wide', tenant: 't', question: 'three', vector: [1, 0, 0] })
    expect(await near(store)).toEqual(['two'])
  })

  test('bounds that hold nothing are refused', () => {
    expect(() => open({ maxQuestions: 0 })).toThrow('maxQuestions is 0')
    expect(() => open({ maxPerTenant: Number.NaN })).toThrow('maxPerTenant is NaN')
  })
}
