import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const main = join(process.env['REPRISE_TEST_PROGRAMS'] ?? '', 'assistant.js')
const folder = mkdtempSync(join(tmpdir(), 'reprise-process-'))
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  /** Resolves with the address of the ready line, or undefined when the process ends without one. */
  readonly ready: Promise<string | undefined>
  readonly ended: Promise<number | null>
}

function start(env: Record<string, string>, stdio: 'pipe' | 'ipc' = 'pipe'): Started {
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      REPRISE_PGLITE_TEMPLATE: process.env['REPRISE_PGLITE_TEMPLATE'],
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', stdio === 'ipc' ? 'ipc' : 'ignore'],
  })
  running.add(child)
  let output = ''
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  const line = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /^ready (\S+)\n/m.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const ready = Promise.race([line, ended.then(() => undefined)])
  return { child, output: () => output, errors: () => errors, ready, ended }
}

interface Reply {
  readonly data: {
    readonly session_id: string
    readonly next_action: string
    readonly intent: string
    readonly slots: Record<string, string>
    readonly missing_slots: string[]
    readonly trace: { readonly space: string; readonly outcome: string; readonly tier?: string }[]
  }
}

async function say(started: Started, body: Record<string, string>): Promise<Reply['data']> {
  const token = /^token (\S+)$/m.exec(started.output())?.[1]
  const response = await fetch(`${await started.ready}/api/v1/chat/interact`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ user_id: 'u1', ...body }),
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as Reply).data
}

const sentence = '我想订一张明天去上海的机票'

test('the first conversation, and the same after a restart', async () => {
  const first = start({})
  expect(await first.ready).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const lines = first.output().trimEnd().split('\n')
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['one-time', 'token', 'curl', 'ready'])

  const asked = await say(first, { input: sentence })
  expect(asked).toMatchObject({ intent: 'booking_flight', missing_slots: ['departure_city'] })
  expect(asked.slots).toMatchObject({
    arrival_city: '上海',
    departure_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
  })
  const done = await say(first, { input: '北京', session_id: asked.session_id })
  expect(done).toMatchObject({
    next_action: 'confirm',
    slots: { departure_city: '北京', arrival_city: '上海' },
  })
  const again = await say(first, { input: sentence })
  expect(again.trace.find(({ space }) => space === 'intent_recognition')).toMatchObject({ outcome: 'hit' })

  // The same folder cannot be opened twice.
  const twin = start({})
  expect(await twin.ended).toBe(1)
  expect(twin.errors()).toContain(`is open in process ${first.child.pid}`)

  first.child.kill('SIGTERM')
  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  expect(first.output().match(/^ready /gm)).toHaveLength(1)

  const second = start({})
  await second.ready
  const after = await say(second, { input: '谢谢', session_id: asked.session_id })
  const tiers = (space: string) => after.trace.filter((step) => step.space === space)
  // What the recogniser learns from was read at the start; the session comes from where it outlived the process.
  for (const [space, tier] of Object.entries({
    intent_config: 'memory',
    entity_dictionary: 'memory',
    session_basic: 'sql',
  })) {
    expect(tiers(space).length).toBeGreaterThan(0)
    expect(tiers(space)).toEqual(tiers(space).map((step) => ({ ...step, outcome: 'hit', tier })))
  }
  second.child.kill('SIGINT')
  expect(await second.ended).toBe(0)
})

test('a used port ends with the port and what to do', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const started = start({ PORT: String(port), DATA_DIR: join(folder, 'other') })
  expect(await started.ready).toBeUndefined()
  expect(await started.ended).toBe(1)
  expect(started.errors()).toContain(`port ${port} is in use`)
  expect(started.errors()).toContain('set PORT')
  expect(started.output()).toBe('')
  server.close()
})

test.each([
  ['a setting that is no number', { PORT: 'abc' }, /PORT.*"abc"/],
  ['a configuration that is not there', { REPRISE_CONFIG: 'missing.yaml' }, /missing\.yaml cannot be read/],
  ['a configuration that is no YAML', { REPRISE_CONFIG: 'broken.yaml' }, /broken\.yaml:1 is not YAML/],
  ['a TTL of a space that there is not', { REPRISE_CONFIG: 'unknown.yaml' }, /"no_such_space"/],
  ['a Redis that is away', { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1' }, /[Rr]edis.*127\.0\.0\.1:1/],
  [
    'a database that is away',
    { DATABASE_URL: 'postgres://someone:hidden@127.0.0.1:1/none' },
    /PostgreSQL at 127\.0\.0\.1:1\S* cannot be reached/,
  ],
  ['a data folder that is a file', { DATA_DIR: 'broken.yaml' }, /data folder .*broken\.yaml cannot be used/],
])('%s ends with a clear message', async (_, env, message) => {
  writeFileSync(join(folder, 'broken.yaml'), 'port: [')
  writeFileSync(join(folder, 'unknown.yaml'), 'cache:\n  ttl:\n    no_such_space: 5m\n')
  const started = start({ DATA_DIR: join(folder, 'never'), LOG_LEVEL: 'error', ...env })
  expect(await started.ended).toBe(1)
  expect(started.errors()).toMatch(message)
  expect(started.errors()).not.toMatch(/\n\s+at |hidden/)
  expect(started.output()).toBe('')
})

test('a request that hangs is cut off within the shutdown limit', async () => {
  const silent = createHttpServer(() => undefined)
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const started = start({
    DATA_DIR: join(folder, 'hanging'),
    SHUTDOWN_TIMEOUT: '2s',
    LLM_BASE_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`,
  })
  expect(await started.ready).toBeDefined()
  const asked = once(silent, 'request')
  const reply = say(started, { input: sentence }).then(
    () => 'answered',
    () => 'cut off',
  )
  await asked
  // The model is waited for longer than the limit: without the cut the embedded recogniser would have answered.
  started.child.kill('SIGTERM')
  expect(await started.ended).toBe(0)
  expect(await reply).toBe('cut off')
  silent.closeAllConnections()
  silent.close()
})

test('the travel service of the demo ends with the process, however that ends', async () => {
  const started = start({ DATA_DIR: join(folder, 'travel') })
  await started.ready
  const children = readFileSync(`/proc/${started.child.pid}/task/${started.child.pid}/children`, 'utf8')
  const travel = children.trim().split(' ').map(Number)
  expect(travel).toHaveLength(1)
  const balance = await say(started, { input: '查一下信用卡余额' })
  expect(balance).toMatchObject({ intent: 'check_balance', status: 'completed' })
  started.child.kill('SIGKILL')
  await started.ended
  const alive = (): boolean => existsSync(`/proc/${travel[0]}`)
  while (alive()) await new Promise((resolve) => setImmediate(resolve))
})

test("the end of the parent's channel ends it, too", async () => {
  const started = start(
    { DATA_DIR: join(folder, 'ipc'), REPRISE_ADMIN_PASSWORD: 'a-password-of-mine' },
    'ipc',
  )
  const address = await started.ready
  expect(started.output()).not.toContain('one-time')
  const login = await fetch(`${address}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'a-password-of-mine' }),
  })
  expect(await login.json()).toMatchObject({ data: { token: expect.any(String) as string } })
  const exit = once(started.child, 'exit')
  started.child.disconnect()
  expect(await exit).toEqual([0, null])
})
