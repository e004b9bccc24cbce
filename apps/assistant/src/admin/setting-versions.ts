import { isDeepStrictEqual } from 'node:util'
import type { DataOf, Routes } from '@reprise/api'
import type { Queryable } from '@reprise/database'
import * as statements from './statements.ts'

/** A setting as a version keeps it. */
export type Setting = DataOf<Routes['settingVersions']>['items'][number]['settings'][string]

/** The settings of a category after a change (row A9). */
export interface SettingVersion {
  readonly category: string
  /** From 1, without a gap. */
  readonly version: number
  /** By key. */
  readonly settings: Readonly<Record<string, Setting>>
  /** The keys that differ from the version before. */
  readonly changed: readonly string[]
  /** Null where it was no change of the administration: the seed, or SQL by hand. */
  readonly operator_id: string | null
  readonly reason: string
  /** The version that this one brought back. */
  readonly restores: number | null
  readonly created_at: Date
}

/** Who made a version, and why. */
export interface VersionBy {
  readonly operator: string
  readonly reason: string
  readonly restores?: number
}

/** The settings as they are, by category and key. */
export async function readSettings(look: Queryable): Promise<ReadonlyMap<string, Record<string, Setting>>> {
  type Row = Setting & { readonly category: string; readonly config_key: string }
  const { rows } = await look.query<Row>(statements.selectSettings)
  const categories = new Map<string, Record<string, Setting>>()
  for (const { category, config_key: key, config_value, value_type, description } of rows) {
    const settings = categories.get(category) ?? {}
    settings[key] = { config_value, value_type, description }
    categories.set(category, settings)
  }
  return categories
}

/** The keys whose settings differ. */
export function changedKeys(
  before: Readonly<Record<string, Setting>>,
  after: Readonly<Record<string, Setting>>,
): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]))
}

/**
 * Writes a version of every category that differs from its newest one. Until the transaction ends nobody else does, so
 * call it first, without `by`, in a transaction that changes settings, and again when they are changed.
 */
export async function noteVersions(
  transaction: Queryable,
  by?: VersionBy,
): Promise<readonly SettingVersion[]> {
  await transaction.query(statements.lockVersions)
  const now = await readSettings(transaction)
  const { rows } = await transaction.query<SettingVersion>(statements.selectNewestVersions)
  const newest = new Map(rows.map((version) => [version.category, version]))
  const noted: SettingVersion[] = []
  for (const category of new Set([...now.keys(), ...newest.keys()])) {
    const settings = now.get(category) ?? {}
    const { version = 0, settings: before = {} } = newest.get(category) ?? {}
    const changed = changedKeys(before, settings)
    if (changed.length === 0) continue
    const { rows: made } = await transaction.query<SettingVersion>(statements.insertVersion, [
      category,
      version + 1,
      settings,
      changed,
      by?.operator ?? null,
      by?.reason ?? '',
      by?.restores ?? null,
    ])
    noted.push(...made)
  }
  return noted
}
