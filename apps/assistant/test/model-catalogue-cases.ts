import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DataOf, Routes } from '@reprise/api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openModels } from '../src/models/models.ts'
import type { AdminRig, Row } from './admin-rig.ts'

type Task = DataOf<Routes['task']>['task']

const name = 'model-catalogue'
const category = 'model_catalogue'
const models = (quick: string, level = 3) => ({
  models: [
    { name: 'a-deep-one', provider: 'a', level: 5, role: 'deep' },
    { name: 'a-slow-one', provider: 'a', level: 4, role: 'deep' },
    { name: quick, provider: 'b', level, role: 'quick' },
    { name: 'a-plain-one', provider: 'b', level: 1, role: 'both' },
  ],
})

/** The catalogue of models as an operator has it: a source, a schedule, versions. */
export function modelCatalogueCases({ assistant, client, find, change, remove }: AdminRig): void {
  describe('the catalogue of models (rows B6, B7)', () => {
    let offered: object = models('first')
    const platform = createServer((_, response) => response.end(JSON.stringify(offered)))
    let source_url: string
    beforeAll(async () => {
      await once(platform.listen(0, '127.0.0.1'), 'listening')
      source_url = `http://127.0.0.1:${(platform.address() as AddressInfo).port}/models`
    })
    afterAll(() => platform.close())

    const quick = () => openModels(assistant()).quick()
    const setting = (config_key: string) => find('system_configs', { category, config_key })
    const set = async (config_key: string, config_value: string | number | boolean) =>
      change('system_configs', await setting(config_key), { config_value })
    async function ended(task_id: string): Promise<Task> {
      for (;;) {
        const { task } = await client().call('task', { params: { task_id } })
        if (['completed', 'dead'].includes(task.status)) return task
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    async function run(kind: string, input: Row = {}): Promise<Task> {
      const body = { kind, input: { name, ...input } }
      return ended((await client().call('taskSubmit', { body })).task.task_id)
    }
    const scheduled = async (): Promise<Task | undefined> =>
      (await client().call('taskList', { query: { user_id: '@schedule' } })).items[0]

    it('is not read until somebody says where it is, and not as a schedule until it is turned on', async () => {
      expect(await run('sync')).toMatchObject({
        status: 'dead',
        error: expect.stringContaining('has no source') as string,
      })
      expect(await quick()).toBeUndefined()
      await expect(set('source_url', 'file:///etc/passwd')).rejects.toMatchObject({ status: 422 })
      await expect(set('sync_minutes', 0)).rejects.toMatchObject({ status: 422 })
      await expect(remove('system_configs', await setting('is_scheduled'))).rejects.toMatchObject({
        status: 409,
      })
      await set('source_url', source_url)
      expect(await run('sync')).toMatchObject({
        status: 'completed',
        result: { version: 1, changed: true, statistics: { models: 4, providers: 2 } },
      })
      expect(await quick()).toBe('first')
      expect(await scheduled()).toBeUndefined()
    })

    it('is read by schedule while that is on', async () => {
      offered = models('second')
      await set('is_scheduled', true)
      let due: Task | undefined
      while (due === undefined) due = await scheduled()
      expect(await ended(due.task_id)).toMatchObject({ kind: 'sync', result: { version: 2, changed: true } })
      expect(await quick()).toBe('second')
      expect(await openModels(assistant()).schedules()).toMatchObject([{ every: '60m' }])
      await set('is_scheduled', false)
      expect(await openModels(assistant()).schedules()).toEqual([])
    })

    it('is changed by hand, and what will not do is rolled back', async () => {
      expect(await run('config-apply', { document: models('third') })).toMatchObject({ status: 'completed' })
      expect(await quick()).toBe('third')
      const useless = { models: models('fourth', 1).models.filter(({ role }) => role !== 'deep') }
      expect(await run('config-apply', { document: useless })).toMatchObject({
        status: 'dead',
        error: expect.stringContaining('version 3 is in use again') as string,
      })
      expect(await quick()).toBe('third')
      // The one that would not do is kept, and is not the one in use.
      expect(await client().call('documentList')).toEqual({ documents: [{ name, version: 3 }] })
      const { items } = await client().call('documentVersions', { query: { name } })
      expect(items.map(({ version, username }) => [version, username])).toEqual([
        [4, 'admin'],
        [3, 'admin'],
        [2, '@schedule'],
        [1, 'admin'],
      ])
    })
  })
}
