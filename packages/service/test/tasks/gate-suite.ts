import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { TaskGate } from '../../src/tasks/gate.ts'
import { type GateSettings, readGateSettings } from '../../src/tasks/settings.ts'
import { order } from './order.ts'
import { gateModelTest } from './gate-model-test.ts'

/** A store under test: `open` makes a gate that is empty. */
export interface GateStore {
  open(settings: GateSettings): Promise<TaskGate>
  close(): Promise<void>
}

/** What every gate must do. */
export function gateSuite(connect: () => Promise<GateStore>, { runs }: { readonly runs: number }): void {
  let store: GateStore
  let gate: TaskGate
  const clock = { now: 1_000_000 }
  const limits = { perUser: 2, global: 3, backlogPerUser: 6, backlog: 9 }
  const options = { limits, lease: 100, keepFinished: 1_000, keepDead: 2_000, now: () => clock.now }
  const settings = readGateSettings(options)
  beforeAll(async () => {
    store = await connect()
  })
  afterAll(async () => store.close())
  beforeEach(async () => {
    gate = await store.open(settings)
  })

  const run = async (most = 1) => {
    const claims = await gate.release(most)
    for (const claim of claims) await gate.start(claim)
    return claims
  }
  const failed = { how: 'failed', error: 'no', retryIn: 50 } as const
  const done = { how: 'completed', result: { ok: true } } as const

  describe('turns', () => {
    test('go round between users, and in the order of arrival within each', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3', 'a4']))
      await gate.enqueue(order('bob', ['b1', 'b2']))
      const first = await run(9)
      expect(first.map(({ id }) => id)).toEqual(['a1', 'b1', 'a2'])
      for (const claim of first) await gate.finish(claim, done)
      expect((await run(9)).map(({ id }) => id)).toEqual(['b2', 'a3', 'a4'])
    })

    test('pass over who has as many running as may be; nobody goes beyond the limit of all', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3']))
      const [first] = await run(9)
      expect(await gate.counts()).toMatchObject({ processing: 2, pending: 1 })
      await gate.enqueue(order('bob', ['b1', 'b2']))
      expect((await run(9)).map(({ id }) => id)).toEqual(['b1'])
      expect(await gate.counts()).toMatchObject({ processing: 3, pending: 2 })
      await gate.finish(first ?? { id: '', attempt: 0 }, done)
      expect((await run(9)).map(({ id }) => id)).toEqual(['a3'])
    })

    test('a task that comes back stands where it stood', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3']))
      const [first, second] = await run(2)
      if (first === undefined || second === undefined) throw new Error('two may run')
      expect(await gate.finish(second, { how: 'returned' })).toBe('pending')
      expect(await gate.finish(first, { how: 'returned' })).toBe('pending')
      expect(await gate.find('a1')).toMatchObject({ status: 'pending', tries: 0, attempt: 1 })
      expect((await run(2)).map(({ id }) => id)).toEqual(['a1', 'a2'])
    })
  })

  describe('orders', () => {
    test('are accepted whole or not at all', async () => {
      expect((await gate.enqueue(order('ann', ['a1', 'a2', 'a3', 'a4']))).outcome).toBe('accepted')
      expect(await gate.enqueue(order('ann', ['a5', 'a6', 'a7'], { batch: 'n1' }))).toEqual({
        outcome: 'backlog',
        scope: 'user',
        waiting: 4,
        limit: 6,
      })
      expect((await gate.enqueue(order('bob', ['b1', 'b2', 'b3', 'b4']))).outcome).toBe('accepted')
      expect(await gate.enqueue(order('cyd', ['c1', 'c2']))).toMatchObject({ scope: 'global', waiting: 8 })
      expect(await gate.batch('n1')).toBeUndefined()
      expect(await gate.counts()).toMatchObject({ pending: 8 })
      expect(await gate.find('a5')).toBeUndefined()
    })

    test('what runs does not count as waiting', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']))
      await run(2)
      expect((await gate.enqueue(order('ann', ['a7', 'a8']))).outcome).toBe('accepted')
      expect((await gate.enqueue(order('ann', ['a9']))).outcome).toBe('backlog')
    })

    test('of one key are one, also when they are a batch; the key says the same or is refused', async () => {
      const key = { value: 'k', fingerprint: 'f' }
      expect(await gate.enqueue(order('ann', ['a1'], { key }))).toEqual({ outcome: 'accepted', ids: ['a1'] })
      expect(await gate.enqueue(order('ann', ['a2'], { key }))).toEqual({ outcome: 'existing', ids: ['a1'] })
      const other = { value: 'k', fingerprint: 'g' }
      expect(await gate.enqueue(order('ann', ['a3'], { key: other }))).toEqual({ outcome: 'key-reused' })
      expect((await gate.enqueue(order('bob', ['b1'], { key: other }))).outcome).toBe('accepted')
      const batch = { batch: 'n1', key: { value: 'n', fingerprint: 'f' } }
      await gate.enqueue(order('bob', ['b2', 'b3'], batch))
      expect(await gate.enqueue(order('bob', ['b4', 'b5'], { ...batch, batch: 'n2' }))).toEqual({
        outcome: 'existing',
        ids: ['b2', 'b3'],
        batch: 'n1',
      })
      expect(await gate.counts()).toMatchObject({ pending: 4 })
    })

    test('of many callers at once stay within the backlog', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => gate.enqueue(order('ann', [`a${index}`]))),
      )
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(6)
      const claims = await Promise.all(Array.from({ length: 8 }, async () => gate.release(2)))
      expect(claims.flat()).toHaveLength(2)
    })
  })

  describe('ends', () => {
    test('keep the result, the error and how far it was', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2']))
      const [first, second] = await run(2)
      if (first === undefined || second === undefined) throw new Error('two may run')
      const progress = { done: 3, total: 9, message: 'half 一半', steps: [] }
      expect(await gate.beat(first, progress)).toBe('go-on')
      expect((await gate.find('a1'))?.progress).toEqual(progress)
      clock.now += 5
      expect(await gate.finish(first, { how: 'completed', result: { text: 'a\0b' } })).toBe('completed')
      expect(await gate.find('a1')).toMatchObject({
        user: 'ann',
        username: "ann's name",
        kind: 'work',
        input: { of: 'a1' },
        status: 'completed',
        result: { text: 'a\u{FFFD}b' },
        startedAt: clock.now - 5,
        endedAt: clock.now,
        progress,
      })
      expect(await gate.finish(second, { how: 'failed', error: 'for good' })).toBe('dead')
      expect(await gate.find('a2')).toMatchObject({ status: 'dead', error: 'for good', tries: 1 })
    })

    test('are final: a run says nothing any more that is not the latest', async () => {
      await gate.enqueue(order('ann', ['a1']))
      const [first] = await run()
      if (first === undefined) throw new Error('one may run')
      expect(await gate.start(first)).toBeUndefined()
      clock.now += 100
      expect(await gate.sweep()).toMatchObject({ moved: 1 })
      expect(await gate.finish(first, done)).toBe('lost')
      const [second] = await run()
      expect(second).toEqual({ id: 'a1', attempt: 2 })
      expect(await gate.beat(first)).toBe('lost')
      expect(await gate.finish(first, done)).toBe('lost')
      expect(await gate.finish(second ?? first, done)).toBe('completed')
      expect(await gate.finish(second ?? first, failed)).toBe('lost')
      expect(await gate.find('a1')).toMatchObject({ status: 'completed', result: { ok: true } })
    })

    test('a failed task waits, is tried again, and is dead after its last try until somebody retries it', async () => {
      await gate.enqueue(order('ann', ['a1']))
      for (const expected of ['delayed', 'dead'] as const) {
        const [claim] = await run()
        expect(await gate.finish(claim ?? { id: '', attempt: 0 }, failed)).toBe(expected)
        if (expected === 'dead') break
        expect(await gate.find('a1')).toMatchObject({ status: 'delayed', dueAt: clock.now + 50, error: 'no' })
        expect(await run()).toEqual([])
        clock.now += 50
        await gate.sweep()
      }
      expect(await gate.list({ status: 'dead', limit: 9 })).toMatchObject([
        { id: 'a1', error: 'no', tries: 2 },
      ])
      expect(await gate.retry('a1')).toBe('retried')
      expect(await gate.retry('a1')).toBeUndefined()
      expect(await gate.find('a1')).toMatchObject({ status: 'pending', tries: 0 })
      expect(await run()).toEqual([{ id: 'a1', attempt: 3 }])
    })
  })

  describe('cancelling', () => {
    test('ends what waits, and what was let through and not begun', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3']))
      const [first] = await gate.release(1)
      for (const id of ['a1', 'a2']) expect(await gate.cancel(id)).toMatchObject({ status: 'cancelled' })
      expect(await gate.start(first ?? { id: '', attempt: 0 })).toBeUndefined()
      expect(await gate.counts()).toMatchObject({ processing: 0, cancelled: 2 })
      expect((await run(9)).map(({ id }) => id)).toEqual(['a3'])
      expect(await gate.cancel('nobody')).toBeUndefined()
    })

    test('wins over a late finish, and holds the place until the run has ended', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3']))
      const [first, second] = await run(2)
      if (first === undefined || second === undefined) throw new Error('two may run')
      expect(await gate.cancel('a1')).toMatchObject({ status: 'processing', cancelRequested: true })
      expect(await run()).toEqual([])
      expect(await gate.beat(first)).toBe('cancel')
      expect(await gate.finish(first, done)).toBe('cancelled')
      const cancelled = await gate.find('a1')
      expect(cancelled).toMatchObject({ status: 'cancelled', cancelRequested: false })
      expect(cancelled?.result).toBeUndefined()
      await gate.cancel('a2')
      clock.now += 100
      await gate.sweep()
      expect(await gate.find('a2')).toMatchObject({ status: 'cancelled' })
      expect(await gate.finish(second, done)).toBe('lost')
    })

    test('counts in the totals of a batch', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2', 'a3'], { batch: 'n1' }))
      const [first] = await run()
      await gate.finish(first ?? { id: '', attempt: 0 }, done)
      await gate.cancel('a2')
      expect(await gate.batch('n1')).toMatchObject({
        user: 'ann',
        counts: { pending: 1, delayed: 0, processing: 0, completed: 1, dead: 0, cancelled: 1 },
        tasks: ['a1', 'a2', 'a3'],
      })
    })
  })

  describe('a sweep', () => {
    test('takes tasks from workers that are silent, and gives them to others until they have no tries left', async () => {
      await gate.enqueue(order('ann', ['a1']))
      await run()
      clock.now += 99
      expect(await gate.sweep()).toEqual({ undelivered: [], moved: 0, forgotten: 0 })
      clock.now += 1
      expect(await gate.sweep()).toEqual({ undelivered: [], moved: 1, forgotten: 0 })
      await run()
      clock.now += 100
      await gate.sweep()
      expect(await gate.find('a1')).toMatchObject({ status: 'dead', tries: 2 })
      expect((await gate.find('a1'))?.error).toContain('not heard of')
    })

    test('names what was let through and begun by nobody, and goes on holding its place', async () => {
      await gate.enqueue(order('ann', ['a1']))
      const [claim] = await gate.release(1)
      clock.now += 100
      expect(await gate.sweep()).toEqual({ undelivered: [claim], moved: 0, forgotten: 0 })
      expect(await gate.sweep()).toMatchObject({ undelivered: [] })
      expect(await gate.start(claim ?? { id: '', attempt: 0 })).toMatchObject({ id: 'a1', tries: 1 })
    })

    test('forgets what ended long ago, dead tasks later, with their batch and their key', async () => {
      await gate.enqueue(order('ann', ['a1', 'a2'], { batch: 'n1', key: { value: 'k', fingerprint: 'f' } }))
      const [first, second] = await run(2)
      await gate.finish(first ?? { id: '', attempt: 0 }, done)
      await gate.finish(second ?? { id: '', attempt: 0 }, { how: 'failed', error: 'for good' })
      clock.now += 1_000
      expect(await gate.sweep()).toMatchObject({ forgotten: 1 })
      expect(await gate.batch('n1')).toMatchObject({ tasks: ['a2'] })
      clock.now += 1_000
      expect(await gate.sweep()).toMatchObject({ forgotten: 1 })
      expect(await gate.batch('n1')).toBeUndefined()
      expect(await gate.queues()).toEqual([])
      const again = order('ann', ['a3'], { key: { value: 'k', fingerprint: 'other' } })
      expect((await gate.enqueue(again)).outcome).toBe('accepted')
    })
  })

  test('the longest wait is that of the first pending task, from its arrival or its last run', async () => {
    expect(await gate.oldestWait()).toBeUndefined()
    await gate.enqueue(order('ann', ['a1']))
    clock.now += 30
    await gate.enqueue(order('bob', ['b1']))
    expect(await gate.oldestWait()).toBe(30)
    const [first] = await run()
    expect(await gate.oldestWait()).toBe(0)
    clock.now += 20
    if (first !== undefined) await gate.finish(first, { how: 'returned' })
    expect(await gate.oldestWait()).toBe(20)
  })

  test('lists are the newest first, by user and by status, page by page', async () => {
    await gate.enqueue(order('ann', ['a1', 'a2', 'a3']))
    await gate.enqueue(order('b:{o}* b', ['b1', 'b2']))
    await gate.cancel('a2')
    const ids = async (page: Parameters<TaskGate['list']>[0]) => (await gate.list(page)).map(({ id }) => id)
    expect(await ids({ limit: 3 })).toEqual(['b2', 'b1', 'a3'])
    const [third] = await gate.list({ user: 'ann', limit: 1 })
    expect(await ids({ limit: 9, before: third?.seq ?? 0 })).toEqual(['a2', 'a1'])
    expect(await ids({ user: 'ann', status: 'pending', limit: 9 })).toEqual(['a3', 'a1'])
    expect(await ids({ user: 'b:{o}* b', limit: 9 })).toEqual(['b2', 'b1'])
    expect(await gate.list({ user: 'b', limit: 9 })).toEqual([])
    expect(await gate.queues()).toMatchObject([
      { user: 'ann', counts: { pending: 2, cancelled: 1 } },
      { user: 'b:{o}* b', counts: { pending: 2 } },
    ])
  })

  gateModelTest({ open: () => store.open(settings), settings, clock, runs })
}
