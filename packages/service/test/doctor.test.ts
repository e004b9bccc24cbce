import { openDatabase } from '@reprise/database'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkDatabase } from '../src/cli/doctor/check-database.ts'
import { checkMachine, checkNode } from '../src/cli/doctor/check-machine.ts'
import {
  checkEviction,
  checkRedis,
  checkRoom,
  checkVersion,
  parseInfo,
} from '../src/cli/doctor/check-redis.ts'
import { checkServer } from '../src/cli/doctor/check-server.ts'
import { clockFinding } from '../src/cli/doctor/finding.ts'
import { runProgram } from '../src/cli/program.ts'
import { speak } from './speak.ts'
import { type TestService, startService } from './start-service.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reprise-doctor-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the doctor', () => {
  it('knows which Node is enough', () => {
    expect(checkNode('20.19.0').state).toBe('ok')
    expect(checkNode('22.1.0').state).toBe('ok')
    expect(checkNode('20.18.3')).toMatchObject({ state: 'failed', advice: 'use Node 20.19 or newer' })
    expect(checkNode('18.20.0').state).toBe('failed')
  })

  it('tells a data folder that cannot be one', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const findings = await checkMachine(join(file, 'data'))
    expect(findings[1]).toMatchObject({ check: 'data folder', state: 'failed' })
    expect((await checkMachine(join(folder, 'data')))[1]?.seen).toContain('free')
  })

  it('reads what Redis tells: version, eviction, room', () => {
    const info = parseInfo(
      '# Server\r\nredis_version:7.0.15\r\nexecutable:C:\\redis:1\r\n# Memory\r\nmaxmemory:100\r\nused_memory:95\r\nmaxmemory_policy:allkeys-lru\r\n',
    )
    expect(info).toMatchObject({ redis_version: '7.0.15', executable: 'C:\\redis:1' })
    expect(checkVersion(info)).toMatchObject({ state: 'ok', seen: 'Redis 7.0.15' })
    expect(checkVersion({ redis_version: '7.2.4', valkey_version: '8.0.1' }).seen).toBe('Valkey 8.0.1')
    expect(checkVersion({ redis_version: '6.0.16' }).state).toBe('failed')
    expect(checkEviction(info)).toMatchObject({ state: 'warning', seen: 'allkeys-lru' })
    expect(checkEviction({ ...info, maxmemory_policy: 'noeviction' }).state).toBe('ok')
    expect(checkEviction({ ...info, maxmemory: '0' }).state).toBe('ok')
    expect(checkRoom(info)).toMatchObject({ state: 'warning', seen: '95 B of 100 B (95.0 %)' })
    expect(checkRoom({ ...info, used_memory: '50' }).state).toBe('ok')
  })

  it('warns of a clock that is off for certain only', () => {
    expect(clockFinding('clock', { before: 0, remote: 2_000, after: 10 })).toMatchObject({
      state: 'warning',
      seen: '+1995 ms beside this machine (± 5 ms)',
    })
    expect(clockFinding('clock', { before: 0, remote: -400, after: 0 }).seen).toContain('-400 ms')
    expect(clockFinding('clock', { before: 0, remote: 3_000, after: 5_000 }).state).toBe('ok')
  })

  it('says what is away and what to do', async () => {
    expect(await checkRedis('redis://127.0.0.1:1')).toEqual([
      expect.objectContaining({ check: 'redis', state: 'failed', seen: 'connect ECONNREFUSED 127.0.0.1:1' }),
    ])
    expect(await checkServer('http://127.0.0.1:1')).toEqual([
      expect.objectContaining({ check: 'server', state: 'failed' }),
    ])
  })

  it('looks at an embedded database', async () => {
    const database = await openDatabase({})
    const findings = await checkDatabase(database)
    await database.close()
    expect(findings.map(({ check, state }) => [check, state])).toEqual([
      ['database', 'ok'],
      ['database version', 'ok'],
    ])
    expect(await checkDatabase(database)).toMatchObject([{ state: 'failed' }])
  })
})

describe('`reprise doctor`', () => {
  let running: TestService
  beforeAll(async () => {
    running = await startService()
  })
  afterAll(() => running.stop())

  it('looks at a server from outside', async () => {
    const { io, said } = speak({ env: { REPRISE_SERVER: await running.service.listen() } })
    expect(await runProgram(['doctor'], io)).toBe(0)
    expect(said().out).toMatch(/^CHECK .*\nserver +ok +http:.*\nversion +ok .*\ntier memory +ok +reachable/)
  })

  it('ends with 1 where something is broken, and says what first', async () => {
    const application = join(folder, 'app.mjs')
    writeFileSync(application, 'export default { name: "shop", open() {} }')
    const env = { DATA_DIR: join(folder, 'data'), REDIS_URL: 'redis://127.0.0.1:1' }
    const broken = speak({ cwd: folder, env })
    expect(await runProgram(['doctor', '--application', application, '--json'], broken.io)).toBe(1)
    expect(JSON.parse(broken.said().out)).toContainEqual(
      expect.objectContaining({ check: 'redis', state: 'failed' }),
    )
    const wrong = speak({ cwd: folder, env: { ...env, PORT: 'many' } })
    expect(await runProgram(['doctor', '--application', application], wrong.io)).toBe(1)
    expect(wrong.said().out).toMatch(/configuration +FAILED/)
  })
})
