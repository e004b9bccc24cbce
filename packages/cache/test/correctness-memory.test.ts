import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { notes, rig } from './rig.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of the heap in use, after a collection. */
function heap(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

test('what memory has let go of is free, even if no sweep has come', async () => {
  const { cache } = await rig(notes(), { memory: { maxEntries: 500 } })
  const space = cache.open(notes())
  const write = async (from: number, to: number): Promise<void> => {
    for (let id = from; id < to; id += 1) await space.set({ user: 'u', id }, 'value')
  }
  await write(0, 2_000)
  const before = heap()
  await write(2_000, 22_000)
  expect((heap() - before) / 20_000).toBeLessThan(100)
  await cache.close()
})
