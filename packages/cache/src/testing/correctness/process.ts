// A process of the correctness suite: opens a cache and does what it is asked over IPC (see remote.ts).
import { setTimeout as delay } from 'node:timers/promises'
import { type CacheUnderTest, importAdapter } from './cache-under-test.ts'
import type { Reply, Request } from './remote.ts'

let cache: CacheUnderTest | undefined
let loads = 0

function moveClock(ahead: number): void {
  const RealDate = Date
  const now = (): number => RealDate.now() + ahead
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: []) =>
      args.length === 0 ? new RealDate(now()) : Reflect.construct(target, args),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}

async function answer(request: Request): Promise<unknown> {
  if (request.do === 'open') {
    if (request.clockAhead !== 0) moveClock(request.clockAhead)
    cache = await (await importAdapter(request.module)).open(request.options)
    return undefined
  }
  if (request.do === 'calls') return loads
  if (cache === undefined) throw new Error('nothing is open')
  if (request.do === 'getOrLoad') {
    const { loader } = request
    let calls = 0
    const load = async (): Promise<unknown> => {
      calls += 1
      loads += 1
      if (loader.takes !== undefined) await delay(loader.takes)
      return loader.value
    }
    const value = await cache.getOrLoad(request.key, load, request.options)
    return { value, calls }
  }
  if (request.do === 'delete') return cache.delete(request.key)
  if (request.do === 'invalidateTag') return cache.invalidateTag?.(request.tag)
  return cache.close()
}

process.on('message', ({ id, request }: { id: number; request: Request }) => {
  answer(request).then(
    (result) => reply({ id, result }),
    (error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})

function reply(message: Reply): void {
  if (process.connected) process.send?.(message)
}

// Whatever a cache leaves running must not keep the process.
process.once('disconnect', () => process.exit())
