import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cache, createCache, defineCatalog, defineSpace } from '@reprise/cache'
import { type Database, migrate, openDatabase } from '@reprise/database'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { TaskError } from '../../src/tasks/errors.ts'
import { type TaskContext, type TaskKinds, defineTaskKinds } from '../../src/tasks/kind.ts'
import { documentKinds } from '../../src/tasks/workflows/document-kinds.ts'
import type { DocumentSource } from '../../src/tasks/workflows/managed-document.ts'
import { type ModelCatalogue, modelCatalogueDocument } from '../../src/tasks/workflows/model-catalogue.ts'

const capability = defineSpace({
  name: 'model_capability',
  key: 'model_capability:{model}',
  schema: z.object({ level: z.number() }),
  ttl: '1h',
})
const catalogue = (level: number, more: readonly object[] = []) => ({
  models: [
    { name: 'deep-one', provider: 'a', level: 4, role: 'deep' },
    { name: 'quick-one', provider: 'b', level },
    ...more,
  ],
})
const parsed = (level: number) =>
  catalogue(level).models.map((one) => ({ role: 'both', features: [], ...one }))

let database: Database
let cache: Cache
let folder: string
let inUse: ModelCatalogue[]
let states: string[]
let tasks: number

beforeAll(async () => {
  database = await openDatabase()
  await migrate(database, { directory: new URL('../../migrations/', import.meta.url), set: 'service' })
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.script('truncate service_documents, service_document_syncs')
  cache = await createCache({
    catalog: defineCatalog({ prefix: 'test', spaces: [capability] }),
    sweepEvery: 0,
  })
  folder = mkdtempSync(join(tmpdir(), 'reprise-workflows-'))
  inUse = []
  states = []
  tasks = 0
})
afterEach(async () => {
  await cache.close()
  rmSync(folder, { recursive: true, force: true })
})

function kindsFrom(source?: DocumentSource): TaskKinds {
  const document = modelCatalogueDocument({
    ...(source === undefined ? {} : { source }),
    clears: { spaces: ['model_capability'] },
    reload: (models) => void inUse.push(models),
  })
  return defineTaskKinds(documentKinds([document], { cache, database }))
}

async function run(
  kinds: TaskKinds,
  name: string,
  input: object,
  given: { id?: string; signal?: AbortSignal } = {},
) {
  const { kind } = kinds.find(name)
  states = []
  tasks += 1
  const context: TaskContext = {
    signal: given.signal ?? new AbortController().signal,
    id: given.id ?? `task-${tasks}`,
    user: { id: '1', username: 'ann' },
    tries: 1,
    log: { info: () => {}, warn: () => {} },
    progress: () => {},
    async step(step, work) {
      try {
        const result = await work()
        states.push(step)
        return result
      } catch (error) {
        states.push(`${step} failed`)
        throw error
      }
    },
  }
  return kind.run(kind.input.parse({ name: 'model-catalogue', ...input }), context)
}
const active = async () =>
  (await database.query<{ version: number }>('select version from service_documents where active')).rows
const remember = async (): Promise<void> => cache.open(capability).set({ model: 'quick-one' }, { level: 1 })
const remembered = async (): Promise<boolean> => cache.open(capability).has({ model: 'quick-one' })

test('config-apply saves, clears, reloads, tests and verifies', async () => {
  const kinds = kindsFrom()
  await remember()
  expect(await run(kinds, 'config-apply', { document: catalogue(2) })).toMatchObject({
    version: 1,
    replaces: null,
  })
  expect(states).toEqual(['check', 'save', 'clear', 'reload', 'test', 'verify'])
  expect(await remembered()).toBe(false)
  expect(inUse).toEqual([{ models: parsed(2) }])
  expect(await run(kinds, 'config-apply', { document: catalogue(3) })).toMatchObject({
    version: 2,
    replaces: 1,
  })
})

test('config-apply puts the version before back when the new one fails its test', async () => {
  const kinds = kindsFrom()
  await run(kinds, 'config-apply', { document: catalogue(2) })
  await remember()
  const failing = run(kinds, 'config-apply', { document: catalogue(1) })
  await expect(failing).rejects.toMatchObject({
    code: 'E_TASKS_DOCUMENT',
    retryable: false,
    message: expect.stringMatching(/深度.*version 1 is in use again/) as string,
  })
  expect(states).toEqual(['check', 'save', 'clear', 'reload', 'test failed', 'roll back'])
  expect(await active()).toEqual([{ version: 1 }])
  expect(inUse.map(({ models }) => models[1]?.level)).toEqual([2, 1, 2])
  expect(await remembered()).toBe(false)
})

test('config-apply that fails first leaves nothing in use; what is not acceptable is not saved', async () => {
  const kinds = kindsFrom()
  await expect(run(kinds, 'config-apply', { document: catalogue(1) })).rejects.toThrow('no version is in use')
  expect(await active()).toEqual([])
  const twice = catalogue(3, [{ name: 'deep-one', provider: 'c' }])
  await expect(run(kinds, 'config-apply', { document: twice })).rejects.toThrow(
    'two models are named "deep-one"',
  )
  await expect(
    run(kinds, 'config-apply', { document: { models: [{ name: 'x', level: 9 }] } }),
  ).rejects.toThrow('models.0')
  expect(states).toEqual(['check failed'])
  await expect(run(kinds, 'config-apply', { name: 'other', document: {} })).rejects.toThrow('model-catalogue')
})

test('config-apply that runs again goes on with the version that it saved; a cancelled one rolls back', async () => {
  const kinds = kindsFrom()
  await run(kinds, 'config-apply', { document: catalogue(2) })
  const stopped = AbortSignal.abort(new TaskError('E_TASKS_STOPPED', 'the worker stops'))
  await expect(
    run(kinds, 'config-apply', { document: catalogue(3) }, { id: 't', signal: stopped }),
  ).rejects.toThrow('stops')
  expect(await active()).toEqual([{ version: 2 }])
  expect(await run(kinds, 'config-apply', { document: catalogue(3) }, { id: 't' })).toMatchObject({
    version: 2,
    replaces: 1,
  })
  const cancelled = AbortSignal.abort(new TaskError('E_TASKS_CANCELLED', 'the task was cancelled'))
  await expect(run(kinds, 'config-apply', { document: catalogue(4) }, { signal: cancelled })).rejects.toThrow(
    'cancelled',
  )
  expect(await active()).toEqual([{ version: 2 }])
})

test('sync takes a file, puts it to use when it changed, and keeps figures and failures', async () => {
  const file = join(folder, 'models.json')
  const kinds = kindsFrom({ file })
  writeFileSync(file, JSON.stringify(catalogue(2)))
  await remember()
  const statistics = { models: 2, providers: 2 }
  expect(await run(kinds, 'sync', {})).toEqual({
    name: 'model-catalogue',
    version: 1,
    changed: true,
    statistics,
  })
  expect(states).toEqual(['read', 'check', 'save', 'clear', 'reload', 'test', 'verify', 'statistics'])
  expect(await remembered()).toBe(false)
  expect(await run(kinds, 'sync', {})).toMatchObject({ version: 1, changed: false })
  expect(states).toEqual(['read', 'check', 'statistics'])
  expect(await run(kinds, 'sync', { force: true })).toMatchObject({ version: 2, changed: true })

  writeFileSync(file, JSON.stringify(catalogue(1)))
  await expect(run(kinds, 'sync', {})).rejects.toThrow('version 2 is in use again')
  writeFileSync(file, 'not JSON')
  await expect(run(kinds, 'sync', {})).rejects.toThrow('did not give JSON')
  expect(await active()).toEqual([{ version: 2 }])
  const { rows } = await database.query('select version, failures, statistics from service_document_syncs')
  expect(rows).toEqual([{ version: 2, failures: 2, statistics }])
  await expect(run(kindsFrom(), 'sync', {})).rejects.toThrow('has no source')
})

test('sync takes JSON over HTTP, says what was answered, and never tells a secret of the address', async () => {
  let status = 200
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(catalogue(3))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models?key=secret`
  const kinds = kindsFrom({ url })
  expect(await run(kinds, 'sync', {})).toMatchObject({ version: 1, changed: true })
  status = 503
  const failure = await run(kinds, 'sync', {}).catch((error: unknown) => String(error))
  expect(failure).toMatch(/127\.0\.0\.1:\d+\/models answered with status 503/)
  expect(failure).not.toContain('secret')
  server.close()
})
