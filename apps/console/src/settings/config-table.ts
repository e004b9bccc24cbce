import type { DataOf, Routes } from '@reprise/api'

/** A table of the configuration. */
export type ConfigTable = DataOf<Routes['configTables']>['tables'][number]

/** A value of a row in words; a dash for none. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A row of one, by column. */
export type ConfigValues = DataOf<Routes['configList']>['rows'][number]
