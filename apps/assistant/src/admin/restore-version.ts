import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@reprise/database'
import { HttpError } from '@reprise/service'
import { explained } from './change-row.ts'
import { type SettingVersion, noteVersions } from './setting-versions.ts'
import { systemConfigs } from './setting-tables.ts'
import * as statements from './statements.ts'
import type { Author, RowWriter } from './write-row.ts'

/** Which version is to be brought back, and what the caller believes to be in use. */
export interface Restoring {
  readonly category: string
  readonly version: number
  readonly replaces: number
  readonly author: Author
}

/** A version that brought an older one back, and the events that take it to the caches. */
export interface Restored {
  readonly version: SettingVersion
  readonly invalidationIds: readonly string[]
}

/** Makes the settings of a category what a version of them was: a new version, all of it or nothing. */
export interface VersionRestorer {
  /** @throws HttpError 404; 409 when another version is in use than the caller saw, or nothing would change; 422 with the fields */
  restore(restoring: Restoring): Promise<Restored>
}

interface SettingRow {
  readonly id: number
  readonly category: string
  readonly config_key: string
  readonly config_value: unknown
  readonly value_type: string
  readonly description: string
}

/** Makes the restorer: it writes rows as the administration does, with their rules and their events. */
export function createVersionRestorer(database: Database, writer: RowWriter): VersionRestorer {
  async function find(look: Queryable, category: string, version: number): Promise<SettingVersion> {
    const { rows } = await look.query<SettingVersion>(statements.selectVersion, [category, version])
    if (rows[0] !== undefined) return rows[0]
    throw new HttpError(404, `The settings ${JSON.stringify(category)} have no version ${version}`)
  }

  async function write(transaction: Queryable, wanted: SettingVersion, author: Author): Promise<string[]> {
    const { rows } = await transaction.query<SettingRow>(statements.selectSettings)
    const own = rows.filter(({ category }) => category === wanted.category)
    const made: string[] = []
    for (const { id, config_key: key, config_value, value_type, description } of own) {
      const setting = wanted.settings[key]
      const given = { id: String(id), author }
      if (setting === undefined) {
        made.push((await writer.remove(transaction, systemConfigs, given)).invalidationId)
      } else if (!isDeepStrictEqual(setting, { config_value, value_type, description })) {
        const values = setting
        made.push((await writer.change(transaction, systemConfigs, { ...given, values })).invalidationId)
      }
    }
    const known = new Set(own.map(({ config_key }) => config_key))
    for (const [config_key, setting] of Object.entries(wanted.settings)) {
      if (known.has(config_key)) continue
      const values = { category: wanted.category, config_key, ...setting }
      made.push((await writer.create(transaction, systemConfigs, { values, author })).invalidationId)
    }
    return made
  }

  async function work(
    transaction: Queryable,
    { category, version, replaces, author }: Restoring,
  ): Promise<Restored> {
    await noteVersions(transaction)
    const wanted = await find(transaction, category, version)
    const { rows } = await transaction.query<SettingVersion>(statements.selectNewestVersions)
    const inUse = rows.find((one) => one.category === category)?.version ?? 0
    if (inUse !== replaces) {
      throw new HttpError(409, `Version ${inUse} is in use, not ${replaces}: look at what it changed first`)
    }
    const invalidationIds = await write(transaction, wanted, author)
    const noted = await noteVersions(transaction, { ...author, restores: version })
    const restored = noted.find((one) => one.category === category)
    if (restored === undefined) {
      throw new HttpError(409, `The settings of version ${version} are in use already`)
    }
    const details = { version: restored.version, invalidation_ids: invalidationIds }
    await author.record({ target: `${category}/${version}`, details }, transaction)
    return { version: restored, invalidationIds }
  }

  return {
    async restore(restoring) {
      try {
        return await database.transaction((transaction) => work(transaction, restoring))
      } catch (error) {
        throw explained(error, systemConfigs)
      }
    },
  }
}
