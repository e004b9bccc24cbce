import type { Database } from '@reprise/database'
import type { Cache } from '@reprise/cache'
import { describe, expect, test } from 'vitest'
import { embedded, failure, rig } from './rig.ts'

const type = 'app1_chat'

describe('invalidation', () => {
  test.each([
    [{ type, target: 'a' }, ['a']],
    [{ type }, ['a', 'b', 'c']],
    [{ tag: 'user-9' }, ['a', 'b']],
    [{ model: 'qwen' }, ['a']],
    [{ promptVersion: 'v7' }, ['b', 'c']],
    [{ source: 'document-1' }, ['c']],
  ] as const)('of %j makes its results invalidated and no others', async (what, wanted) => {
    const { results, site } = await rig({ cached: true })
    const here = results.forSite(site)
    await here.write(type, 'a', 1, { tags: ['user-9'], derivation: { model: 'qwen' } })
    await here.write(type, 'b', 2, { tags: ['user-9'], derivation: { promptVersion: 'v7' } })
    await here.write(type, 'c', 3, {
      derivation: { promptVersion: 'v7', sources: ['document-1', 'document-2'] },
    })
    await here.write('few', 'a', 4)
    for (const target of ['a', 'b', 'c']) expect(await here.getLatest(type, target)).not.toBeNull()
    expect(await here.invalidate(what, { by: 'ann', reason: 'wrong' })).toEqual({ results: wanted.length })
    for (const target of ['a', 'b', 'c'] as const) {
      const latest = await here.getLatest(type, target)
      expect([target, latest === null]).toEqual([target, (wanted as readonly string[]).includes(target)])
    }
    expect(await here.getLatest('few', 'a')).toMatchObject({ value: 4 })
    expect(await here.invalidate(what)).toEqual({ results: 0 })
  })

  test('says who did it and why, and lets the next valid result be the latest', async () => {
    const { results, site } = await rig({ cached: true })
    const here = results.forSite(site)
    await here.write(type, 't', 'before')
    const { id } = await here.write(type, 't', 'wrong', { derivation: { model: 'qwen' } })
    expect(await here.getLatest(type, 't')).toMatchObject({ value: 'wrong' })
    await here.invalidate({ model: 'qwen' }, { by: 'ann', reason: 'hallucinates' })
    expect(await here.find(id)).toMatchObject({
      status: 'invalidated',
      invalidated: { at: '2026-01-01T00:00:00.000Z', by: 'ann', reason: 'hallucinates' },
    })
    expect(await here.getLatest(type, 't')).toMatchObject({ value: 'before' })
  })

  test('of something else is refused', async () => {
    const { results, site } = await rig()
    const here = results.forSite(site)
    await expect(here.invalidate({} as { tag: string })).rejects.toMatchObject({ code: 'E_RESULT_OPTION' })
    await expect(here.invalidate({ tag: 'a', model: 'b' })).rejects.toThrow(/give \{ type, target \}/)
    await expect(here.invalidate({ type: 'app9' })).rejects.toThrow(/"app9" is not declared/)
    await expect(here.invalidate({ id: 987_654_321 })).rejects.toMatchObject({ code: 'E_RESULT_UNKNOWN' })
  })
})

describe('reads through the cache', () => {
  test('cost no query, and follow every change', async () => {
    let queries = 0
    const counted: Database = {
      ...embedded,
      query: (text, parameters) => ((queries += 1), embedded.query(text, parameters)),
    }
    const { results, site, clock } = await rig({ cached: true, database: counted })
    const here = results.forSite(site)
    const value = async (): Promise<unknown> => (await here.getLatest(type, 't'))?.value
    const free = async (): Promise<unknown> => {
      const first = await value()
      queries = 0
      expect(await value()).toEqual(first)
      expect(queries).toBe(0)
      return first
    }
    expect(await free()).toBeUndefined()
    const { id } = await here.write(type, 't', 1, { expires: '1m', derivation: { rank: 1 } })
    expect(await free()).toBe(1)
    await here.upgrade(id, 2, { derivation: { rank: 2 } })
    expect(await free()).toBe(2)
    await clock.advance(59_999)
    expect(await value()).toBe(2)
    await clock.advance(1)
    expect(await free()).toBeUndefined()
    const generation = await here.begin(type, 't')
    expect(await free()).toBeUndefined()
    await generation.finalize(3)
    expect(await free()).toBe(3)
    await here.invalidate({ type })
    expect(await free()).toBeUndefined()
  })

  test('a cache that does not confirm: a write stands and warns, an invalidation says so and can be repeated', async () => {
    const plain = await rig({ cached: true })
    let away = true
    const cache: Cache = {
      ...(plain.cache as Cache),
      invalidate: async (what) => {
        if (away) throw new Error('no answer')
        return (plain.cache as Cache).invalidate(what)
      },
    }
    const here = (await plain.other({ cached: false, cache })).forSite(plain.site)
    await here.write(type, 't', 1, { tags: ['a'] })
    expect(plain.warnings.join()).toContain('the cache may still serve an older result')
    expect(await here.getLatest(type, 't')).toMatchObject({ value: 1 })
    expect(await failure(here.invalidate({ tag: 'a' }))).toMatchObject({ code: 'E_RESULT_CACHE' })
    expect(await here.getHistory(type, 't')).toEqual([])
    away = false
    expect(await here.invalidate({ tag: 'a' })).toEqual({ results: 0 })
    expect(await here.getLatest(type, 't')).toBeNull()
  })
})
