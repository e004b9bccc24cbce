import { createCache, defineCatalog, defineSpace, race } from '@reprise/cache'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createLogger, logCacheSteps } from '../src/index.ts'

const space = defineSpace({ name: 'answer', key: 'answer:{id}', schema: z.string(), ttl: '10m' })
const catalog = defineCatalog({ prefix: 'steps', spaces: [space] })

let stop = (): void => {}
afterEach(() => stop())

/** The lines that some steps of a cache leave, as level and message; times are left out. */
async function linesOf(level: string, spaces: readonly string[]): Promise<string[]> {
  const lines: string[] = []
  const write = (line: string): void => {
    const { level: at, msg } = JSON.parse(line) as { level: number; msg: string }
    lines.push(`${at} ${msg.replace(/after \d+ ms/, 'after … ms')}`)
  }
  stop = logCacheSteps(createLogger({ level, destination: { write } }), { spaces })
  const cache = await createCache({ catalog })
  const handle = cache.open(space)
  await handle.set({ id: 'old' }, 'nobody knows from where')
  await handle.get({ id: 'old' })
  const load = race({
    fast: ({ meta }) => (meta({ model: 'small' }), 'fast'),
    premium: () => Promise.reject(new Error('down')),
  })
  await handle.getOrLoad({ id: 'new' }, load)
  await handle.get({ id: 'new' })
  await handle.getOrLoad({ id: 'none' }, ({ meta, skip }) => {
    meta({ model: 'small', strategy: 'fast' })
    skip()
    return 'not to be kept'
  })
  await cache.close()
  return lines
}

test('every hit, miss, refusal and step of a race has its strategy and model; what nobody told is unknown', async () => {
  expect(await linesOf('info', ['answer'])).toEqual([
    '30 [CACHED|unknown|unknown] steps:answer:old',
    '40 [RACE|premium|unknown] race steps:answer:new: failed after … ms',
    '30 [RACE|fast|small] race steps:answer:new: valid after … ms',
    '30 [RACE|fast|small] race steps:answer:new answered',
    '30 [MISS|fast|small] steps:answer:new',
    '30 [CACHED|fast|small] steps:answer:new',
    '30 [REFUSED|fast|small] steps:answer:none: skipped',
    '30 [MISS|fast|small] steps:answer:none',
  ])
})

test('reads of other spaces are lines of the level debug', async () => {
  expect((await linesOf('info', [])).filter((line) => /CACHED|MISS/.test(line))).toEqual([])
  stop()
  expect((await linesOf('debug', [])).filter((line) => /CACHED|MISS/.test(line))).toHaveLength(4)
})
