import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { TaskError } from '../../src/tasks/errors.ts'
import { type TaskContext, type TaskKind, defineTaskKinds } from '../../src/tasks/kind.ts'
import type { TaskRunner } from '../../src/tasks/runner.ts'
import type { GateOptions } from '../../src/tasks/settings.ts'
import { type TaskCaller, type Tasks, createTasks } from '../../src/tasks/tasks.ts'
import { type TaskWorker, createWorker } from '../../src/tasks/worker.ts'

/** Opens runners of one empty store; each stands for a process. */
export interface RunnerStore {
  open(options: GateOptions): Promise<TaskRunner>
  close(): Promise<void>
}

const ann: TaskCaller = { id: 'ann', username: 'ann', role: 'operator' }
const bob: TaskCaller = { id: 'bob', username: 'bob', role: 'operator' }
const root: TaskCaller = { id: 'root', username: 'root', role: 'admin' }

/** What every runner must do, with real workers. */
export function runnerSuite(connect: () => Promise<RunnerStore>): void {
  let store: RunnerStore
  let closers: (() => Promise<unknown>)[]
  let tasks: Tasks
  let runner: TaskRunner
  /** What runs said, in order. */
  let said: string[]
  let heard: (() => void)[]
  /** Lets tasks of the kind `gated` go on. */
  let gates: Map<string, () => void>
  let mode: 'well' | 'fails' | 'deaf' = 'well'

  const say = (line: string): void => {
    said.push(line)
    for (const listener of heard.splice(0)) listener()
  }
  /** Resolves when that was said so often. */
  async function until(count: number, what: (line: string) => boolean): Promise<void> {
    while (said.filter(what).length < count) await new Promise<void>((resolve) => heard.push(resolve))
  }
  async function gated(name: string, { signal, progress, step }: TaskContext): Promise<unknown> {
    say(`start ${name}`)
    progress(1, 2, 'half')
    await step(
      'wait',
      () =>
        new Promise<void>((resolve, reject) => {
          gates.set(name, resolve)
          if (mode !== 'deaf')
            signal.addEventListener('abort', () => {
              say(`told ${name} ${(signal.reason as TaskError).code}`)
              reject(new Error('in its own words'))
            })
        }),
    )
    say(`end ${name}`)
    return { name }
  }
  const kinds = defineTaskKinds([
    {
      name: 'gated',
      summary: 'Waits until it is told',
      input: z.strictObject({ name: z.string() }),
      run: ({ name }, context) => gated(name, context),
    } satisfies TaskKind<{ name: string }>,
    {
      name: 'quick',
      summary: 'Says its name',
      input: z.strictObject({ name: z.string() }),
      maxTries: 2,
      backoff: 1,
      async run({ name }) {
        say(`start ${name}`)
        if (mode === 'fails') throw new Error(`${name} went wrong`)
        return { name }
      },
    } satisfies TaskKind<{ name: string }>,
    {
      name: 'hopeless',
      summary: 'Fails for good',
      input: z.strictObject({}),
      run: () => Promise.reject(new TaskError('E_TASKS_INPUT', 'no use')),
    },
  ])

  async function work(options: { concurrency?: number; of?: TaskRunner } = {}): Promise<TaskWorker> {
    const worker = await createWorker({ runner: options.of ?? runner, kinds, sweepEvery: 20, ...options })
    closers.push(() => worker.stop(0))
    return worker
  }
  async function open(options: GateOptions = {}): Promise<TaskRunner> {
    const opened = await store.open(options)
    closers.push(() => opened.close())
    return opened
  }
  const ended = async (id: string, status = 'completed') => {
    for (;;) {
      const task = await tasks.find(root, id)
      if (task.status === status) return task
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  const submit = async (caller: TaskCaller, kind: string, name: string) =>
    (await tasks.submit(caller, { kind, input: { name } })).task

  beforeEach(async () => {
    said = []
    heard = []
    gates = new Map()
    mode = 'well'
    closers = []
    store = await connect()
    runner = await open({ limits: { global: 4 } })
    tasks = createTasks({ runner, kinds })
  })
  afterEach(async () => {
    mode = 'well'
    for (const close of closers.toReversed()) await close()
    await store.close()
  })

  test('a task is accepted at once, runs, and leaves its result and its steps', async () => {
    const task = await submit(ann, 'gated', 'a')
    expect(task).toMatchObject({ user: 'ann', kind: 'gated', input: { name: 'a' } })
    expect(task.startedAt).toBeUndefined()
    await work()
    await until(1, (line) => line === 'start a')
    while ((await tasks.find(ann, task.id)).progress === undefined)
      await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await tasks.find(ann, task.id)).toMatchObject({
      status: 'processing',
      progress: { done: 1, total: 2, message: 'half', steps: [{ name: 'wait', state: 'running' }] },
    })
    gates.get('a')?.()
    expect(await ended(task.id)).toMatchObject({
      result: { name: 'a' },
      tries: 1,
      progress: { steps: [{ name: 'wait', state: 'done' }] },
    })
  })

  test('of a user who has 300 waiting, and of another who comes with one, that one is next but for the limit', async () => {
    await work({ concurrency: 8 })
    await tasks.submitBatch(
      ann,
      Array.from({ length: 300 }, (_, n) => ({ kind: 'gated', input: { name: `a${n}` } })),
    )
    await until(3, (line) => line.startsWith('start'))
    await submit(bob, 'gated', 'b')
    const before = said.length
    while (!said.includes('start b')) {
      const next = said.length
      for (const [name, go] of gates) {
        gates.delete(name)
        go()
      }
      while (said.length === next) await new Promise<void>((resolve) => heard.push(resolve))
    }
    const starts = said.slice(before).filter((line) => line.startsWith('start'))
    expect(starts.indexOf('start b')).toBeLessThanOrEqual(4)
    for (const caller of [ann, bob]) {
      for (const { id } of await tasks.list(caller, { limit: 200, status: 'pending' }))
        await tasks.cancel(caller, id)
    }
  })

  test('a batch is taken whole or not at all, and its totals include what was cancelled', async () => {
    const requests = Array.from({ length: 3 }, (_, n) => ({ kind: 'quick', input: { name: `a${n}` } }))
    await expect(tasks.submitBatch(ann, [...requests, { kind: 'quick', input: {} }])).rejects.toMatchObject({
      code: 'E_TASKS_INPUT',
      message: expect.stringContaining('task 4 of the batch') as string,
    })
    await expect(
      tasks.submitBatch(
        ann,
        Array.from({ length: 1_001 }, () => requests[0] ?? { kind: '', input: {} }),
      ),
    ).rejects.toMatchObject({ code: 'E_TASKS_BACKLOG', status: 429 })
    expect((await tasks.queue(ann)).all).toMatchObject({ pending: 0 })
    const { batch } = await tasks.submitBatch(ann, requests, 'k')
    expect((await tasks.submitBatch(ann, requests, 'k')).batch.id).toBe(batch.id)
    await tasks.cancel(ann, batch.tasks[1] ?? '')
    await work()
    await ended(batch.tasks[0] ?? '')
    await ended(batch.tasks[2] ?? '')
    expect((await tasks.batch(ann, batch.id)).counts).toMatchObject({
      completed: 2,
      cancelled: 1,
      pending: 0,
    })
    await expect(tasks.batch(bob, batch.id)).rejects.toMatchObject({ code: 'E_TASKS_UNKNOWN', status: 404 })
  })

  test('a cancel reaches the run in another process, frees its place, and is not undone by its end', async () => {
    await work({ of: await open({ limits: { global: 4 } }) })
    const task = await submit(ann, 'gated', 'a')
    await until(1, (line) => line === 'start a')
    expect(await tasks.cancel(ann, task.id)).toMatchObject({ cancelRequested: true, status: 'processing' })
    await until(1, (line) => line === 'told a E_TASKS_CANCELLED')
    await ended(task.id, 'cancelled')

    mode = 'deaf'
    const deaf = await submit(ann, 'gated', 'b')
    await until(1, (line) => line === 'start b')
    await tasks.cancel(ann, deaf.id)
    gates.get('b')?.()
    await ended(deaf.id, 'cancelled')
    expect(said).toContain('end b')
    expect((await tasks.find(ann, deaf.id)).result).toBeUndefined()
  })

  test('a failure is tried again, then dead and kept apart; a retry begins anew', async () => {
    mode = 'fails'
    await work()
    const task = await submit(ann, 'quick', 'a')
    expect(await ended(task.id, 'dead')).toMatchObject({ tries: 2, error: 'a went wrong' })
    expect(said).toEqual(['start a', 'start a'])
    await expect(tasks.cancel(ann, task.id)).rejects.toMatchObject({ code: 'E_TASKS_STATE' })
    mode = 'well'
    await tasks.retry(ann, task.id)
    expect(await ended(task.id)).toMatchObject({ tries: 1, result: { name: 'a' } })
    await expect(tasks.retry(ann, task.id)).rejects.toMatchObject({ code: 'E_TASKS_STATE', status: 409 })
    const hopeless = await tasks.submit(ann, { kind: 'hopeless', input: {} })
    expect(await ended(hopeless.task.id, 'dead')).toMatchObject({ tries: 1, error: 'no use' })
  })

  test('a worker that stops waits for what runs', async () => {
    const worker = await work()
    const task = await submit(ann, 'gated', 'a')
    await until(1, (line) => line === 'start a')
    const stopping = worker.stop(60_000)
    await submit(bob, 'gated', 'b')
    gates.get('a')?.()
    expect(await stopping).toEqual({ finished: 1, returned: 0, lost: 0 })
    expect(await tasks.find(ann, task.id)).toMatchObject({ status: 'completed' })
    expect(said).toEqual(['start a', 'end a'])
  })

  test('what still runs when the time is up is given back, untried and in its place', async () => {
    const worker = await work()
    const slow = await submit(ann, 'gated', 'slow')
    await until(1, (line) => line === 'start slow')
    expect(await worker.stop(0)).toEqual({ finished: 0, returned: 1, lost: 0 })
    expect(said).toContain('told slow E_TASKS_STOPPED')
    expect((await tasks.find(ann, slow.id)).endedAt).toBeUndefined()
    await work({ of: await open({ limits: { global: 4 } }) })
    await until(2, (line) => line === 'start slow')
    gates.get('slow')?.()
    expect(await ended(slow.id)).toMatchObject({ tries: 1, attempt: 2 })
  })

  test('a run whose place somebody else has is told, and its end does not count', async () => {
    // The second runner sees the clock far ahead: for it, the first worker was not heard of for long.
    await work()
    const task = await submit(ann, 'gated', 'a')
    await until(1, (line) => line === 'start a')
    const ahead = await open({ limits: { global: 4 }, now: () => Date.now() + 3_600_000 })
    expect(await ahead.gate.sweep()).toMatchObject({ moved: 1 })
    expect(await runner.gate.finish({ id: task.id, attempt: 1 }, { how: 'completed', result: 1 })).toBe(
      'lost',
    )
    await until(2, (line) => line === 'start a')
    gates.get('a')?.()
    expect(await ended(task.id)).toMatchObject({ attempt: 2, result: { name: 'a' } })
  })

  test('what was let through and lost on the way is handed out again', async () => {
    const slow = await open({ limits: { global: 4 }, lease: 30 })
    const task = { id: 'lost', kind: 'quick', input: { name: 'a' }, maxTries: 1 }
    // Whoever let it through died before it handed it on.
    await slow.gate.enqueue({ user: 'ann', username: 'ann', tasks: [task] })
    expect(await slow.gate.release(1)).toEqual([{ id: 'lost', attempt: 1 }])
    await work({ of: slow })
    expect(await ended('lost')).toMatchObject({ tries: 1, attempt: 1 })
    expect(said).toEqual(['start a'])
  })
}
