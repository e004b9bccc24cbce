/** Rows of the table of interleavings that are about marks, records and the position of the log. */
import { describe, expect, test } from 'vitest'
import type { ProcessOptions, SimulatedProcess } from '../src/testing/simulation/process.ts'
import { type Stage, createStage } from '../src/testing/simulation/stage.ts'

const id = { id: 1 }
const other = { id: 2 }
const key = 'sim:plain:1'

/** Processes of one cluster; `a` has loaded 1 into the store and nobody clears dead values away. */
async function cluster(
  names: readonly string[],
  options: ProcessOptions = {},
): Promise<{
  stage: Stage
  at: (name: string) => SimulatedProcess
  start(name: string): Promise<SimulatedProcess>
}> {
  const stage = createStage()
  const processes = new Map<string, SimulatedProcess>()
  const start = async (name: string): Promise<SimulatedProcess> => {
    const process = await stage.start(name, options)
    process.link.hold('list')
    processes.set(name, process)
    return process
  }
  for (const name of names) await start(name)
  const at = (name: string): SimulatedProcess => processes.get(name) as SimulatedProcess
  if (names.includes('a')) {
    await stage.come(
      at('a')
        .handle('plain')
        .getOrLoad(id, () => 1),
    )
    // The answer comes before it is stored.
    await stage.pass(5)
    expect(stage.server.read(key)).toBeDefined()
  }
  return { stage, at, start }
}

describe('scenarios: marks and records', () => {
  test('01 a tag-dead value is copied up and re-stamped as new', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    expect(stage.server.read(key)).toBeDefined()
    expect(await stage.come(at('c').handle('plain').get(id))).toBeUndefined()
    expect(at('c').handle('plain').peek(id)).toBeUndefined()
  })

  test('01 nor is it as new as the last record of this very process', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    const [reply, record] = [at('c').link.hold('read', 'reply'), at('c').link.hold('next', 'reply')]
    const reading = at('c').handle('plain').get(id)
    await stage.pass(3)
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    await stage.come(at('c').cache.invalidate({ tags: ['plain-2'] }))
    reply.release()
    // It was called before the invalidation, so it may see what was there before.
    expect(await stage.come(reading)).toBe(1)
    expect(record.caught).toBe(true)
    record.release()
    await stage.pass(10)
    expect(at('c').handle('plain').peek(id)).toBeUndefined()
  })

  test('02 a lagging reader trusts its local marks', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    const record = at('c').link.hold('next', 'reply')
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    await stage.pass(2)
    expect([record.caught, stage.server.read(key) === undefined]).toEqual([true, false])
    expect(await stage.come(at('c').handle('plain').get(id))).toBeUndefined()
  })

  test('07 a mark expires before the entries it kills', async () => {
    const { stage, at, start } = await cluster(['a', 'b'])
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    stage.server.log.prune(stage.server.log.head().n)
    expect([stage.server.log.join().marks.size, stage.server.read(key) === undefined]).toEqual([0, false])
    const c = await start('c')
    expect(await stage.come(c.handle('plain').get(id))).toBeUndefined()
  })

  test('08 the store evicts marks and log: a new era, and everything older is a miss', async () => {
    const { stage, at, start } = await cluster(['a', 'b', 'c'])
    await stage.come(
      at('c')
        .handle('strict')
        .getOrLoad(id, () => 1),
    )
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    stage.server.log.lose()
    expect(await stage.come(at('c').handle('plain').get(id))).toBeUndefined()
    expect(await stage.come(at('c').handle('strict').get(id))).toBeUndefined()
    const late = await start('d')
    expect(await stage.come(late.handle('plain').get(id))).toBeUndefined()
    await stage.pass(100)
    expect(at('a').handle('plain').peek(id)).toBeUndefined()
    expect(await stage.come(late.handle('plain').getOrLoad(id, () => 2))).toBe(2)
    expect(await stage.come(at('a').handle('plain').get(id))).toBe(2)
  })

  test('11 record before deletion: nothing is recorded before it is deleted, and a copy-up between the two is dropped', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    const { n } = stage.server.log.head()
    const [removal, record] = [at('b').link.hold('remove'), at('b').link.hold('append')]
    const deleting = at('b').handle('plain').delete(id)
    await stage.pass(5)
    expect([removal.caught, record.caught, stage.server.log.head().n]).toEqual([true, false, n])
    expect(await stage.come(at('c').handle('plain').get(id))).toBe(1)
    expect(at('c').handle('plain').peek(id)).toBe(1)
    removal.release()
    await stage.pass(5)
    expect([record.caught, stage.server.read(key)]).toEqual([true, undefined])
    record.release()
    await stage.come(deleting)
    await stage.pass(10)
    expect(at('c').handle('plain').peek(id)).toBeUndefined()
  })

  test('12 applying its own record makes a process skip those of others', async () => {
    const { stage, at } = await cluster(['a', 'b'])
    const record = at('a').link.hold('next', 'reply')
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    await stage.come(at('a').cache.invalidate({ tags: ['plain-2'] }))
    await stage.pass(2)
    expect([record.caught, at('a').handle('plain').peek(id)]).toEqual([true, 1])
    record.release()
    await stage.pass(10)
    expect(at('a').handle('plain').peek(id)).toBeUndefined()
  })

  test('13 a trimmed log is silent: who was away drops its memory', async () => {
    const { stage, at } = await cluster(['a', 'b'])
    at('a').link.cut = true
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    await stage.come(at('b').cache.invalidate({ tags: ['plain-2'] }))
    stage.server.log.trim(1)
    expect(at('a').handle('plain').peek(id)).toBe(1)
    at('a').link.cut = false
    await stage.pass(400)
    expect(at('a').handle('plain').peek(id)).toBeUndefined()
    expect(await stage.come(at('a').handle('plain').get(id))).toBeUndefined()
  })

  test('14 a failover moves positions backwards: a new era, in which invalidations are heard again', async () => {
    const { stage, at } = await cluster(['a', 'b'])
    for (const tag of ['x', 'y', 'z']) await stage.come(at('b').cache.invalidate({ tags: [tag] }))
    const before = stage.server.log.head()
    stage.server.restart(true)
    expect(stage.server.log.head().n).toBeLessThan(before.n)
    await stage.pass(100)
    expect(at('a').handle('plain').peek(id)).toBeUndefined()
    expect(
      await stage.come(
        at('a')
          .handle('plain')
          .getOrLoad(id, () => 2),
      ),
    ).toBe(2)
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    await stage.pass(50)
    expect(at('a').handle('plain').peek(id)).toBeUndefined()
  })

  test('15 the one server of log and entries fails over and brings back a deleted value and its lease', async () => {
    const { stage, at } = await cluster(['a', 'b'])
    const old = stage.server.read(key)
    await stage.come(at('b').handle('plain').delete(id))
    expect(stage.server.read(key)).toBeUndefined()
    stage.server.steal(key, 'replica', { lease: 50, grace: 50 })
    stage.server.store({ key, format: 'entry' }, old as NonNullable<typeof old>, 'replica')
    stage.server.restart(true)
    expect(stage.server.read(key)).toEqual(old)
    for (const name of ['a', 'b'])
      expect(await stage.come(at(name).handle('plain').get(id)), `in ${name}`).toBeUndefined()
    expect(
      await stage.come(
        at('b')
          .handle('plain')
          .getOrLoad(id, () => 2),
      ),
    ).toBe(2)
  })

  test('15 the server of an entry fails over alone and brings back a deleted value and its lease', async () => {
    const { stage, at, start } = await cluster(['a', 'b'], { scattered: true })
    const old = stage.server.read(key)
    await stage.come(at('b').handle('plain').delete(id))
    await stage.pass(10)
    stage.server.steal(key, 'replica', { lease: 50, grace: 50 })
    stage.server.store({ key, format: 'entry' }, old as NonNullable<typeof old>, 'replica')
    await start('late')
    for (const name of ['a', 'b', 'late'])
      expect(await stage.come(at(name).handle('plain').get(id)), `in ${name}`).toBeUndefined()
    const load = at('a')
      .handle('plain')
      .getOrLoad(id, () => 2)
    expect(await stage.come(load)).toBe(2)
    for (const name of ['a', 'b', 'late'])
      expect(await stage.come(at(name).handle('plain').get(id)), `in ${name}`).toBe(2)
  })

  test('15 a value that was set is not taken for one that was deleted', async () => {
    const { stage, at } = await cluster(['a', 'b'], { scattered: true })
    await stage.come(at('b').handle('plain').delete(id))
    await stage.come(at('a').handle('plain').set(id, 3))
    await stage.pass(10)
    for (const name of ['a', 'b'])
      expect(await stage.come(at(name).handle('plain').get(id)), `in ${name}`).toBe(3)
  })

  test('16 asOf is taken after the loader started: what is loaded across an invalidation is kept nowhere', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    const handle = at('c').handle('plain')
    const record = at('c').link.hold('next', 'reply')
    const loading = handle.getOrLoad(other, async () => {
      await stage.sleep(20)
      return 1
    })
    await stage.pass(10)
    await stage.come(at('b').cache.invalidate({ tags: ['plain-2'] }))
    expect(await stage.come(loading)).toBe(1)
    await stage.pass(10)
    expect([record.caught, stage.server.read('sim:plain:2') === undefined]).toEqual([true, false])
    record.release()
    await stage.pass(10)
    for (const name of ['a', 'b', 'c'])
      expect(await stage.come(at(name).handle('plain').get(other)), `in ${name}`).toBeUndefined()
  })

  test('17 a set crosses the invalidation of its tag: the set is from before it', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    const store = at('a').link.hold('store')
    const setting = at('a').handle('plain').set(id, 2)
    await stage.pass(5)
    await stage.come(at('b').cache.invalidate({ tags: ['plain-1'] }))
    store.release()
    await stage.come(setting)
    for (const name of ['a', 'b', 'c'])
      expect(await stage.come(at(name).handle('plain').get(id)), `in ${name}`).toBeUndefined()
  })

  test('17 two sets cross: everybody reads the same one', async () => {
    const { stage, at } = await cluster(['a', 'b', 'c'])
    const store = at('a').link.hold('store')
    const first = at('a').handle('plain').set(id, 2)
    await stage.pass(5)
    await stage.come(at('b').handle('plain').set(id, 3))
    store.release()
    await stage.come(first)
    await stage.pass(50)
    for (const name of ['a', 'b', 'c'])
      expect(await stage.come(at(name).handle('plain').get(id)), `in ${name}`).toBe(3)
  })
})
