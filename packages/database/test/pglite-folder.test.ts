import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { lockFolder } from '../src/folder-lock.ts'
import { openDatabase } from '../src/index.ts'
import type { Database } from '../src/index.ts'
import { processStart } from '../src/process-start.ts'
import { failure } from './failure.ts'

let folder: string
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), 'reprise-pglite-'))
  folder = made
  return () => rm(made, { recursive: true, force: true })
})

async function open(dataDir: string): Promise<Database> {
  const database = await openDatabase({ dataDir })
  onTestFinished(() => database.close())
  return database
}

/** Starts another process on a folder, and waits for a line that it says. */
async function startChild(dataDir: string, line: RegExp) {
  const script = fileURLToPath(new URL('pglite-child.ts', import.meta.url))
  const flags = ['--conditions=@reprise/source', '--import', 'tsx']
  const child = spawn(process.execPath, [...flags, script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  for await (const said of createInterface({ input: child.stdout })) {
    if (line.test(said)) {
      child.stdout.resume()
      return { child, ended, said }
    }
  }
  throw new Error(`the child never said ${String(line)}`)
}

test('a folder and its parents are made, and rows survive a close', async () => {
  const dataDir = join(folder, 'a', 'b')
  const first = await open(dataDir)
  await first.script("create table kept (name text); insert into kept values ('上海')")
  await first.close()
  const second = await open(dataDir)
  expect((await second.query('select * from kept')).rows).toEqual([{ name: '上海' }])
})

test('one folder is open once in a process, by whatever path', async () => {
  const database = await open(folder)
  const error = await failure(
    openDatabase({ dataDir: join(folder, '.', '..', folder.split('/').at(-1) ?? '') }),
  )
  expect(error.code).toBe('E_DATABASE_LOCKED')
  expect(error.message).toContain(String(process.pid))
  await database.close()
  await open(folder)
})

test('a process that is killed while it writes loses no row it was told of, and its folder opens', async () => {
  const { child, ended, said } = await startChild(folder, /^wrote 20/)
  const locked = await failure(openDatabase({ dataDir: folder }))
  expect(locked.code).toBe('E_DATABASE_LOCKED')
  expect(locked.message).toContain(`process ${child.pid}`)
  expect(locked.message).toContain(folder)
  child.kill('SIGKILL')
  await ended
  const database = await open(folder)
  const { rows } = await database.query<{ n: number }>('select count(*) as n from written')
  expect(rows[0]?.n).toBeGreaterThanOrEqual(Number(said.split(' ')[1]))
})

test('another process is refused while this one has the folder', async () => {
  await open(folder)
  const { said } = await startChild(folder, /./)
  expect(said).toContain('E_DATABASE_LOCKED')
  expect(said).toContain(`process ${process.pid}`)
})

test('a first start that was cut short is begun again', async () => {
  await mkdir(join(folder, 'cluster.new', 'base'), { recursive: true })
  await writeFile(join(folder, 'cluster.new', 'PG_VERSION'), '18')
  await (await open(folder)).ping()
  expect((await readdir(folder)).toSorted()).toEqual(['cluster', 'lock.1'])
})

test('a path that cannot be a folder, and an empty one, are quoted', async () => {
  const path = join(folder, 'file')
  await writeFile(path, 'not a folder')
  const error = await failure(openDatabase({ dataDir: path }))
  expect(error.code).toBe('E_DATABASE_UNREACHABLE')
  expect(error.message).toContain(path)
  expect((await failure(openDatabase({ dataDir: ' ' }))).code).toBe('E_DATABASE_OPTION')
})

test('files that are not PostgreSQL give an error and the lock back', async () => {
  await mkdir(join(folder, 'cluster'))
  await writeFile(join(folder, 'cluster', 'PG_VERSION'), 'nonsense')
  const error = await failure(openDatabase({ dataDir: folder }))
  expect(error.code).toBe('E_DATABASE_UNREACHABLE')
  expect(error.message).toContain(folder)
  lockFolder(folder)()
})

test('a lock is free once released, and old lock files are swept', async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    const release = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'E_DATABASE_LOCKED' }))
    release()
    release()
  }
  expect(await readdir(folder)).toEqual(['lock.3'])
})

type Found = [what: string, holder: object | string, secondsAgo: number]

async function leaveLock(holder: object | string, secondsAgo: number): Promise<void> {
  const path = join(folder, 'lock.7')
  const record = { token: 'theirs', start: 'an earlier start', since: 'then' }
  await writeFile(path, typeof holder === 'string' ? holder : JSON.stringify({ ...record, ...holder }))
  const then = new Date(Date.now() - secondsAgo * 1000)
  await utimes(path, then, then)
}

const free: Found[] = [
  ['of a process that is gone', { pid: 2 ** 22 + 1, host: hostname() }, 0],
  ['of an earlier process with our own pid', { pid: process.pid, host: hostname() }, 0],
  ['of another host that fell silent', { pid: process.pid, host: 'elsewhere' }, 90],
  ['that was never finished', '{"pid":', 60],
]
// Only Linux tells when another process began.
if (processStart(process.ppid) !== null) {
  free.push(['of an earlier process with a living pid', { pid: process.ppid, host: hostname() }, 0])
}
test.each(free)('a lock %s is taken over', async (_, holder, secondsAgo) => {
  await leaveLock(holder, secondsAgo)
  const release = lockFolder(folder)
  expect(await readdir(folder)).toEqual(['lock.8'])
  expect(JSON.parse(await readFile(join(folder, 'lock.8'), 'utf8'))).toMatchObject({ pid: process.pid })
  release()
})

const held: Found[] = [
  ['of another host that was heard of lately', { pid: process.pid, host: 'elsewhere' }, 30],
  ['that is being written', '', 0],
]
test.each(held)('a lock %s is respected', async (_, holder, secondsAgo) => {
  await leaveLock(holder, secondsAgo)
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'E_DATABASE_LOCKED' }))
  expect(await readdir(folder)).toEqual(['lock.7'])
})

test('without a template a folder begins with the set-up of PostgreSQL itself', async () => {
  const template = process.env['REPRISE_PGLITE_TEMPLATE']
  delete process.env['REPRISE_PGLITE_TEMPLATE']
  onTestFinished(() => {
    if (template !== undefined) process.env['REPRISE_PGLITE_TEMPLATE'] = template
  })
  const database = await open(folder)
  const { rows } = await database.query<{ made: boolean }>("select 'made'::text = 'made' as made")
  expect(rows).toEqual([{ made: true }])
})

test('a template that is not there is told by its name, and nothing is half made', async () => {
  const template = join(folder, 'no-such.tar')
  const error = await failure(openDatabase({ dataDir: join(folder, 'data'), template }))
  expect(error).toMatchObject({ code: 'E_DATABASE_OPTION' })
  expect(error.message).toContain(JSON.stringify(template))
  const database = await open(join(folder, 'data'))
  expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})
