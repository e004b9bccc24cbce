import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createCache, defineCatalog, defineSpace } from '@reprise/cache'
import type { Cache } from '@reprise/cache'
import { redisShared } from '@reprise/cache/redis'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../src/cli/program.ts'
import type { TaskKind } from '../src/tasks/kind.ts'
import { speak } from './speak.ts'
import { type TestService, startService } from './start-service.ts'

const url = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
const prefix = `cli-${process.pid}`
const many = 20_000
const answers = defineSpace({
  name: 'answer',
  key: 'answer:{n}',
  schema: z.object({ text: z.string() }),
  ttl: '30d',
})

/** Ends only by being told to. */
const waits: TaskKind = {
  name: 'waits',
  summary: 'Waits to be cancelled',
  input: z.strictObject({}),
  async run(_input, { progress, signal }) {
    progress(7, 10, 'half-way')
    await once(signal, 'abort')
    throw signal.reason
  },
}

let cache: Cache
let running: TestService
let env: Record<string, string>

beforeAll(async () => {
  const catalog = defineCatalog({ prefix, spaces: [answers] })
  cache = await createCache({
    catalog,
    shared: redisShared({ url, prefix, descriptor: 'command line', deadline: '10s' }),
    memory: { maxEntries: 100 },
    sweepEvery: 0,
  })
  const handle = cache.open(answers)
  for (let n = 0; n < many; n += 500) {
    await handle.setMany(
      Array.from({ length: 500 }, (_, more) => ({
        params: { n: n + more },
        value: { text: `answer ${n + more}` },
      })),
    )
  }
  // For the service these entries are ten days old.
  const now = () => Date.now() + 10 * 86_400_000
  running = await startService({
    service: { cache, now, tasks: { warmers: { nothing: () => [] }, kinds: [waits] } },
  })
  env = { REPRISE_SERVER: await running.service.listen(), REPRISE_TOKEN: await running.token('admin') }
})
afterAll(async () => {
  await running.stop()
  await cache.close()
  const redis = new Redis(url)
  const keys = await redis.keys(`*${prefix}*`)
  while (keys.length > 0) await redis.del(keys.splice(0, 5_000))
  await redis.quit()
})

async function entriesInRedis(): Promise<number> {
  return (await cache.tiers()).find(({ name }) => name === 'redis')?.entries ?? -1
}

it('a clean-up says how far it is, and what it removed', async () => {
  const { io, said } = speak({ env })
  expect(await runProgram(['cleanup', '--days', '7', '--type', 'redis', '--stats'], io)).toBe(0)
  expect(said().err).toMatch(/cleanup: [\d,]+ of 20,\d{3} · redis: [\d,]+ removed\n/)
  expect(said().out).toMatch(/^removed +20,000 entries made more than 7 days ago\n/)
  expect(said().out).toMatch(/redis +20,000 +\S+ MiB +0\n/)
  expect(await entriesInRedis()).toBe(0)
})

it('Ctrl-C cancels what runs, and says how far it came and what to do', async () => {
  const interruption = new AbortController()
  const { io, said } = speak({ env, interrupted: interruption.signal })
  const ended = runProgram(['tasks', 'run', 'waits'], {
    ...io,
    err(text) {
      io.err(text)
      interruption.abort()
    },
  })
  expect(await ended).toBe(130)
  expect(said().err).toBe(
    'waits: 7 of 10 · half-way\nwaits was interrupted (half-way); run it again to go on\n',
  )
})

it('tasks are listed, shown, run and refused', async () => {
  const run = async (...args: readonly string[]) => {
    const { io, said } = speak({ env })
    return { code: await runProgram(args, io), ...said() }
  }
  const cleaned = await run('tasks', 'run', 'cleanup', '--input', '{"days":3,"type":"tooling"}', '--json')
  const { task_id: id } = JSON.parse(cleaned.out) as { task_id: string }
  expect((await run('tasks')).out).toMatch(new RegExp(`${id} +cleanup +the-admin +completed`))
  expect((await run('tasks', 'show', id)).out).toMatch(
    /status +completed[\s\S]*STEP +STATE +TOOK\nfiles +done/,
  )
  expect((await run('tasks', 'queue')).out).toMatch(/^USER +WAITING/)
  expect((await run('tasks', 'kinds')).out).toMatch(/cleanup +operator/)
  expect((await run('tasks', 'show', 'none')).code).toBe(3)
  expect((await run('tasks', 'run', 'cleanup', '--input', 'days=3')).err).toContain(
    '--input days=3 is no JSON object',
  )
  expect((await run('tasks', 'run', 'cleanup', '--input', '{"days":99}')).code).toBe(2)
  const exported = await run('tasks', 'run', 'export', '--json')
  const { task_id: export_id } = JSON.parse(exported.out) as { task_id: string }
  expect((await run('tasks', 'download', export_id)).code).toBe(0)
  const out = join(running.dataDir, 'copy.jsonl')
  expect((await run('tasks', 'download', export_id, '--out', out)).err).toContain(`written to ${out}\n`)
  expect(existsSync(out)).toBe(true)
  expect((await run('tasks', 'download', export_id, '--out', out)).err).toContain('EEXIST')
  expect((await run('tasks', 'download', id)).code).toBe(3)
  expect((await run('tasks', 'show')).err).toContain('Say which: tasks show ID')
  expect((await run('warm')).out).toBe('0 entries are warm\n')
})
