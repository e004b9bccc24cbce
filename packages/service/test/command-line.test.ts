import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../src/cli/program.ts'
import { mountSettings } from './mounted-settings.ts'
import { type TestService, headlines, startService } from './start-service.ts'
import { type Said, speak } from './speak.ts'

// The last is on the second page.
const settings = Array.from({ length: 201 }, (_, id) => ({
  id,
  category: 'sync',
  config_key: `every_${id}`,
  config_value: 60,
  value_type: 'number',
  description: 'Minutes',
}))
let running: TestService
let address: string
let home: string

beforeAll(async () => {
  running = await startService({ service: { mount: (app) => mountSettings(app, settings) } })
  await running.cache.open(headlines).set({}, ['a', 'b'])
  address = await running.service.listen()
  home = mkdtempSync(join(tmpdir(), 'reprise-home-'))
})
afterAll(async () => {
  await running.stop()
  rmSync(home, { recursive: true, force: true })
})

async function reprise(
  args: readonly string[],
  options: Parameters<typeof speak>[0] = {},
): Promise<Said & { readonly code: number }> {
  const { io, said } = speak({ ...options, env: { HOME: home, REPRISE_SERVER: address, ...options.env } })
  const code = await runProgram(args, io)
  return { code, ...said() }
}

describe('the command line', () => {
  it('lists its commands and completes them', async () => {
    const { code, out } = await reprise(['--help'])
    expect(code).toBe(0)
    expect(out).toMatch(/reprise stats +Figures of the cache/)
    expect((await reprise(['completion'], { env: { SHELL: '/bin/zsh' } })).out).toContain('reprise')
  })

  it('refuses what it does not know with 2, a suggestion and where to look', async () => {
    expect(await reprise(['sttas'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/Did you mean stats\?\n`reprise --help` lists/) as string,
    })
    expect(await reprise(['stats', '--colour'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Unknown argument: colour') as string,
    })
    expect(await reprise([])).toMatchObject({
      code: 2,
      err: expect.stringContaining('Say what to do') as string,
    })
  })

  it('says where nobody is logged in, and where nobody answers', async () => {
    expect(await reprise(['stats'])).toMatchObject({
      code: 4,
      err: expect.stringContaining(`Nobody is logged in at ${address}: run \`reprise login`) as string,
    })
    const env = { REPRISE_SERVER: 'http://127.0.0.1:1', REPRISE_TOKEN: 'x.y.z' }
    expect((await reprise(['stats'], { env })).code).toBe(5)
    expect((await reprise(['stats'], { env: { REPRISE_TOKEN: 'x.y.z' } })).code).toBe(4)
    expect(await reprise(['stats', '--server', 'nowhere'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('"nowhere" is no address') as string,
    })
  })

  it('logs in with a one-time password, keeps the token for its owner only, and forgets it', async () => {
    const { oneTimePassword } = await running.service.ensureAdministrator()
    const env = { REPRISE_PASSWORD: oneTimePassword ?? '', REPRISE_NEW_PASSWORD: 'a lasting password' }
    const login = await reprise(['login'], { env })
    expect(login).toMatchObject({ code: 0, out: `admin (admin) is logged in at ${address}\n` })
    expect(statSync(join(home, '.config', 'reprise', 'credentials.json')).mode & 0o777).toBe(0o600)

    const stats = await reprise(['stats', '--json'])
    expect(JSON.parse(stats.out)).toMatchObject({ totalFiles: 1 })
    const table = await reprise(['stats'])
    expect(table.out).toMatch(/^of +http:/)
    expect(table.out).toMatch(/memory +reachable +1 /)

    expect((await reprise(['logout'])).out).toContain('logged out')
    expect((await reprise(['stats'])).code).toBe(4)
    expect((await reprise(['logout'])).out).toContain('nobody was logged in')
  })

  it('does no harm without a yes', async () => {
    const env = { REPRISE_TOKEN: await running.token('admin') }
    expect(await reprise(['clear'], { env })).toMatchObject({
      code: 2,
      err: expect.stringContaining('Give --yes') as string,
    })
    expect(await reprise(['clear'], { env, answers: ['no'] })).toMatchObject({ code: 1 })
    expect(await running.cache.open(headlines).find({})).toBeDefined()
    expect(await reprise(['clear'], { env, answers: ['y'] })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 entries removed, \d+ B freed\n$/) as string,
    })
    expect(await running.cache.open(headlines).find({})).toBeUndefined()
    const viewer = { REPRISE_TOKEN: await running.token('viewer') }
    expect(await reprise(['clear', '--yes'], { env: viewer })).toMatchObject({
      code: 4,
      err: expect.stringContaining('needs the role admin') as string,
    })
  })

  it('lists the settings of an application, and changes one of them', async () => {
    const env = { REPRISE_TOKEN: await running.token('admin') }
    expect((await reprise(['settings'], { env })).out).toMatch(/^CATEGORY +VERSION.*\nsync +1 /)
    expect((await reprise(['settings', 'sync'], { env })).out).toMatch(/every_200 +60 +Minutes/)
    expect(await reprise(['settings', 'sync', 'every_200', '30', '--reason', 'slow'], { env })).toMatchObject(
      {
        code: 0,
        out: 'sync every_200 is 30\n',
      },
    )
    expect((await reprise(['settings', 'sync'], { env })).out).toMatch(/every_200 +30 +Minutes/)
    const said = ['settings', 'sync', 'every_1', 'http://127.0.0.1/models', '--json']
    expect(JSON.parse((await reprise(said, { env })).out)).toMatchObject({
      row: { id: 1, config_value: 'http://127.0.0.1/models' },
      invalidation: { reason: '' },
    })
    expect(await reprise(['settings', 'sync', 'never', '1'], { env })).toMatchObject({
      code: 3,
      err: expect.stringContaining('`reprise settings sync` lists') as string,
    })
    expect((await reprise(['settings', 'sync', 'every_1'], { env })).code).toBe(2)
  })

  it('needs an application where there is no server', async () => {
    const env = { REPRISE_SERVER: '' }
    expect(await reprise(['stats'], { env, cwd: home })).toMatchObject({
      code: 2,
      err: expect.stringContaining(`There is no reprise.config.js`) as string,
    })
  })
})
