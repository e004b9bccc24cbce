import type { Engine } from '../engine.ts'
import { RepriseError } from '../errors.ts'
import { type LoadingRead, getOrLoad } from './get-or-load.ts'
import type { LoadOptions } from '../handle.ts'
import { leaveRunning } from './leave-running.ts'
import { type OwnContext, opening } from './load-context.ts'
import type { BatchContext, LoadContext } from './loader.ts'
import type { Target } from '../read/revive.ts'

/** A batch loader without its types. */
export type AnyBatchLoader = (missing: readonly unknown[], context: BatchContext<unknown>) => unknown

interface Member {
  readonly params: unknown
  readonly context: OwnContext
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * One call of a batch loader for many flights: each key is still a flight of its own, and the loader runs once,
 * when every flight of the batch has either asked for its value or turned out not to need one.
 */
function createBatchCall(
  engine: Engine,
  size: number,
  loader: AnyBatchLoader,
): { ask(member: Omit<Member, 'resolve' | 'reject'>): Promise<unknown>; over(): void } {
  const members: Member[] = []
  let waitingFor = size

  async function call(): Promise<void> {
    const controller = new AbortController()
    let left = members.length
    for (const { context } of members) {
      const leave = (): void => {
        left -= 1
        if (left === 0) controller.abort(context.signal.reason)
      }
      if (context.signal.aborted) leave()
      else context.signal.addEventListener('abort', leave, { once: true })
    }
    const loaded = itemsOf(
      await loader(
        members.map(({ params }) => params),
        contextOf(controller.signal),
      ),
    )
    for (const [index, member] of members.entries()) {
      const item = loaded[index]
      if (item instanceof Error) member.reject(item)
      else member.resolve(item)
    }
  }

  /** What a loader gave for the members, in their order. @throws E_BATCH_SHAPE */
  function itemsOf(given: unknown): readonly unknown[] {
    if (Array.isArray(given) && given.length === members.length) return given as readonly unknown[]
    const got = Array.isArray(given) ? `${given.length} items` : typeof given
    throw new RepriseError(
      'E_BATCH_SHAPE',
      `the batch loader was asked for ${members.length} items and returned ${got}; return one item for each, in their order`,
    )
  }

  function contextOf(signal: AbortSignal): BatchContext<unknown> {
    const items = members.map(({ context }) => context)
    return {
      signal,
      key: items.map(({ key }) => key).join(' '),
      items,
      meta: (meta) => items.forEach((item) => item.meta(meta)),
      upgrade: (work, options) =>
        leaveRunning(
          engine,
          items.map((item) => item[opening]()),
          { work, options, valuesOf: itemsOf },
        ),
    }
  }

  function arrived(): void {
    waitingFor -= 1
    if (waitingFor > 0 || members.length === 0) return
    call().catch((error: unknown) => {
      for (const member of members) member.reject(error)
    })
  }

  return {
    ask: ({ params, context }) =>
      new Promise((resolve, reject) => {
        members.push({ params, context, resolve, reject })
        arrived()
      }),
    over: arrived,
  }
}

async function started(engine: Engine, read: LoadingRead, options: LoadOptions): Promise<unknown> {
  return getOrLoad(engine, read, options)
}

/** The values of many keys; the loader is called once with those that are missing. */
export function getOrLoadMany(
  engine: Engine,
  targets: readonly Target[],
  loader: AnyBatchLoader,
  options: LoadOptions,
): Promise<unknown[]> {
  // A key that is given twice is read once.
  const unique = new Map(targets.map((target) => [target.key, target]))
  const batch = createBatchCall(engine, unique.size, loader)
  const answers = new Map(
    [...unique.values()].map((target) => {
      let asked = false
      const run = (context: LoadContext<unknown>): Promise<unknown> => {
        // A read that is driven again after its batch has gone makes a batch of one.
        const call = asked ? createBatchCall(engine, 1, loader) : batch
        asked = true
        return call.ask({ params: target.params, context: context as OwnContext })
      }
      const onOver = (): void => {
        if (asked) return
        asked = true
        batch.over()
      }
      // Whatever ends a read before its load must not keep the others waiting.
      return [target.key, started(engine, { ...target, run, onOver }, options).finally(onOver)]
    }),
  )
  return Promise.all(targets.map(async ({ key }) => answers.get(key)))
}
