/** A process of the benchmark: functions of a module, called over its channel. */
import { type ChildProcess, fork } from 'node:child_process'

/** What a child answers to, by name; arguments and results are plain data. */
export type Services = Readonly<Record<string, (...given: never[]) => unknown>>

interface Call {
  readonly id: number
  readonly name: string
  readonly given: readonly unknown[]
}
interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** A child that was started. */
export interface Child<S extends Services> {
  readonly pid: number
  ask<Name extends keyof S & string>(
    name: Name,
    ...given: Parameters<S[Name]>
  ): Promise<Awaited<ReturnType<S[Name]>>>
  stop(): Promise<void>
}

/** Starts a module of this folder, such as `reader`, in a process of its own, with options of Node. It ends with this one. */
export function startChild<S extends Services>(module: string, execArgv: readonly string[] = []): Child<S> {
  const child: ChildProcess = fork(new URL(`./${module}.js`, import.meta.url), {
    serialization: 'advanced',
    execArgv: [...execArgv],
  })
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let calls = 0
  child.on('message', ({ id, result, error }: Answer) => {
    const one = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) one?.resolve(result as never)
    else one?.reject(new Error(`${module}: ${error}`))
  })
  const gone = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      for (const one of waiting.values()) one.reject(new Error(`${module} ended with code ${code}`))
      resolve()
    })
  })
  return {
    pid: child.pid ?? 0,
    ask: (name, ...given) =>
      new Promise((resolve, reject) => {
        calls += 1
        waiting.set(calls, { resolve, reject })
        child.send({ id: calls, name, given } satisfies Call)
      }),
    async stop() {
      child.disconnect()
      await gone
    },
  }
}

/** In the child: answers calls until the parent goes. */
export function serve(services: Services): void {
  process.on('message', ({ id, name, given }: Call) => {
    const run = async (): Promise<unknown> =>
      (services[name] as ((...args: readonly unknown[]) => unknown) | undefined)?.(...given)
    run().then(
      (result) => process.send?.({ id, result } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer),
    )
  })
  process.once('disconnect', () => process.exit())
}
