import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { OpenOptions, ProbeOptions } from './cache-under-test.ts'

/** A loader for another process. */
export interface RemoteLoader {
  /** What it returns; without it `undefined`. */
  readonly value?: string
  /** Milliseconds it takes. @default 0 */
  readonly takes?: number
}

/** A cache in another process. */
export interface RemoteCache {
  /** The value, and how often the loader of this very call was called. */
  getOrLoad(
    key: string,
    loader: RemoteLoader,
    options?: ProbeOptions,
  ): Promise<{ readonly value: unknown; readonly calls: number }>
  delete(key: string): Promise<void>
  invalidateTag(tag: string): Promise<void>
  /** Loader calls of the whole process so far. */
  calls(): Promise<number>
  /** Why the process has ended, or undefined while it runs. */
  ended(): string | undefined
  close(): Promise<void>
}

/** What is asked of the process, in `process.ts`. */
export type Request =
  | {
      readonly do: 'open'
      readonly module: string
      readonly options: OpenOptions
      readonly clockAhead: number
    }
  | {
      readonly do: 'getOrLoad'
      readonly key: string
      readonly loader: RemoteLoader
      readonly options: ProbeOptions
    }
  | { readonly do: 'delete'; readonly key: string }
  | { readonly do: 'invalidateTag'; readonly tag: string }
  | { readonly do: 'calls' }
  | { readonly do: 'close' }

/** What it answers. */
export interface Reply {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

/** How processes are started: with the arguments of Node that let them import this suite and the adapter. */
export interface ProcessOptions {
  readonly module: string
  readonly execArgv: readonly string[]
}

// The file beside this one, as source or built.
const program = new URL(import.meta.url.replace(/remote\.(ts|js)$/, 'process.$1'))

/** Starts a process and opens a cache in it. */
export async function openRemote(
  { module, execArgv }: ProcessOptions,
  options: OpenOptions,
  clockAhead: number,
): Promise<RemoteCache> {
  const child = fork(program, [], { execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  const waiting = new Map<number, (reply: Reply) => void>()
  let printed = ''
  let ended: string | undefined
  let count = 0
  child.stderr?.on('data', (data) => (printed = (printed + String(data)).slice(-4_000)))
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  const gone = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = `the process ends with ${signal ?? `code ${code}`}${firstError(printed)}`
      for (const [id, answer] of waiting) answer({ id, error: ended })
      resolve(ended)
    })
  })
  const ask = (request: Request): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = (count += 1)
      if (ended !== undefined) return reject(new Error(ended))
      waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error)),
      )
      child.send({ id, request }, (error) => {
        // It ends at this moment; why is known when it has.
        if (error !== null) void gone.then((reason) => reject(new Error(reason)))
      })
    })
  const remote: RemoteCache = {
    getOrLoad: async (key, loader, probe = {}) =>
      (await ask({ do: 'getOrLoad', key, loader, options: probe })) as { value: unknown; calls: number },
    delete: async (key) => void (await ask({ do: 'delete', key })),
    invalidateTag: async (tag) => void (await ask({ do: 'invalidateTag', tag })),
    calls: async () => Number(await ask({ do: 'calls' })),
    ended: () => ended,
    close: async () => close(child, () => ask({ do: 'close' })),
  }
  try {
    await ask({ do: 'open', module, options, clockAhead })
    return remote
  } catch (error) {
    await remote.close()
    throw error
  }
}

async function close(child: ChildProcess, say: () => Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  const last = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await say().catch(() => {})
  if (child.connected) child.disconnect()
  await gone
  clearTimeout(last)
}

function firstError(printed: string): string {
  const line = printed.split('\n').find((text) => /Error|error:/.test(text))
  return line === undefined ? '' : `: ${line.trim()}`
}
