import { describe, expect, it } from 'vitest'
import { getCacheKey } from '../src/catalog/catalog.ts'
import type { AdminRig } from './admin-rig.ts'

/** The versions of the thresholds, of an assistant whose thresholds nobody has changed. */
export function settingVersionCases({ assistant, client, find, change, create }: AdminRig): void {
  describe('the versions of the settings (row A9)', () => {
    const category = 'system_thresholds'
    const key = getCacheKey('ragflow_config', { config_name: category })
    const versions = async () =>
      (await client().call('settingVersions', { query: { category, limit: 10 } })).items
    const threshold = (config_key: string) => find('system_configs', { category, config_key })
    const restore = (version: number, replaces: number, reason?: string) =>
      client().call('settingRestore', {
        body: { category, version, replaces, ...(reason === undefined ? {} : { reason }) },
      })
    const inUse = async () => (await client().call('document', { query: { key } })).document

    it('begin with what was installed, and every change adds one: who, why, what', async () => {
      const [first, ...older] = await versions()
      expect(older).toEqual([])
      expect(first).toMatchObject({ version: 1, operator_id: null, restores: null })
      expect(first?.settings['slot_confidence_threshold']).toMatchObject({ config_value: 0.6 })
      await change(
        'system_configs',
        await threshold('slot_confidence_threshold'),
        { config_value: 0.8 },
        '太松',
      )
      // Giving a setting the value that it has is no change.
      await change('system_configs', await threshold('slot_confidence_threshold'), { config_value: 0.8 })
      const [second, ...before] = await versions()
      expect(second).toMatchObject({
        version: 2,
        changed: ['slot_confidence_threshold'],
        operator_id: 'admin',
        reason: '太松',
      })
      expect(before).toEqual([first])
      const { categories } = await client().call('settingCategories')
      expect(categories).toContainEqual({ category, version: 2, changed_at: second?.created_at })
    })

    it('are brought back as a new one, whole, by events that reach the caches', async () => {
      await change('system_configs', await threshold('max_retry_attempts'), { config_value: 9 })
      await create('system_configs', {
        category,
        config_key: 'experiment',
        config_value: true,
        value_type: 'boolean',
      })
      expect(await inUse()).toMatchObject({
        slot_confidence_threshold: 0.8,
        max_retry_attempts: 9,
        experiment: true,
      })
      const { version, invalidations } = await restore(1, 4, '回到安装时')
      expect(version).toMatchObject({ version: 5, restores: 1, operator_id: 'admin', reason: '回到安装时' })
      expect(version.changed.toSorted()).toEqual([
        'experiment',
        'max_retry_attempts',
        'slot_confidence_threshold',
      ])
      expect(invalidations.map(({ operation, status }) => `${operation} ${status}`).toSorted()).toEqual([
        'DELETE completed',
        'UPDATE completed',
        'UPDATE completed',
      ])
      const [first] = (await versions()).slice(-1)
      expect(version.settings).toEqual(first?.settings)
      const now = await inUse()
      expect(now).toMatchObject({ slot_confidence_threshold: 0.6, max_retry_attempts: 3 })
      expect(now).not.toHaveProperty('experiment')
      // And forward again: what was removed is made once more.
      expect((await restore(4, 5)).version).toMatchObject({ version: 6, restores: 4 })
      expect(await inUse()).toMatchObject({ experiment: true, max_retry_attempts: 9 })
      const { items } = await client().call('operations', { query: { action: 'configuration.restore' } })
      expect(items).toMatchObject([
        { target: `${category}/4`, result: 'done', username: 'admin' },
        { target: `${category}/1`, details: { version: 5, body: { reason: '回到安装时' } } },
      ])
    })

    it('are not brought back over a change that the caller did not see, nor for nothing', async () => {
      await expect(restore(1, 5)).rejects.toMatchObject({
        status: 409,
        message: expect.stringContaining('Version 6 is in use, not 5') as string,
      })
      await expect(restore(4, 6)).rejects.toMatchObject({
        status: 409,
        message: expect.stringContaining('in use already') as string,
      })
      await expect(restore(99, 6)).rejects.toMatchObject({ status: 404 })
      await expect(
        client().call('settingVersions', { query: { category: 'nothing' } }),
      ).rejects.toMatchObject({
        status: 404,
      })
      expect((await versions())[0]).toMatchObject({ version: 6 })
    })

    it('tell what SQL changed by hand, without a name, before the next change', async () => {
      await assistant().database.query(
        `UPDATE system_configs SET config_value = '0.65' WHERE config_key = 'slot_confidence_threshold'`,
      )
      await change('system_configs', await threshold('max_retry_attempts'), { config_value: 4 })
      expect((await versions()).slice(0, 2)).toMatchObject([
        { version: 8, changed: ['max_retry_attempts'], operator_id: 'admin' },
        { version: 7, changed: ['slot_confidence_threshold'], operator_id: null },
      ])
    })
  })
}
