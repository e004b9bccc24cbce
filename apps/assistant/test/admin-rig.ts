import type { Client, DataOf, Routes } from '@reprise/api'
import type { Assistant } from '../src/wire.ts'
import { idOf } from './processes.ts'

/** A row of the configuration. */
export type Row = DataOf<Routes['configRead']>['row']

type Changed = DataOf<Routes['configChange']>

interface Running {
  readonly assistant: () => Assistant
  readonly client: () => Client
}

/** An assistant that listens, and how an administrator finds and changes rows of its configuration. */
export interface AdminRig extends Running {
  rows(table: string): Promise<Row[]>
  /** @throws Error when there is no such row */
  find(table: string, fields: Row): Promise<Row>
  change(table: string, row: Row, values: Row, reason?: string): Promise<Changed>
  create(table: string, values: Row): Promise<Changed>
  remove(table: string, row: Row): Promise<Changed>
}

/** The rig of an assistant, which may start later. */
export function adminRig(running: Running): AdminRig {
  const { client } = running
  const rows = async (table: string): Promise<Row[]> =>
    (await client().call('configList', { params: { table }, query: { page_size: '200' } })).rows
  return {
    ...running,
    rows,
    async find(table, fields) {
      const found = (await rows(table)).find((row) =>
        Object.entries(fields).every(([name, value]) => row[name] === value),
      )
      if (found === undefined) throw new Error(`${table} has no ${JSON.stringify(fields)}`)
      return found
    },
    change: (table, row, values, reason) =>
      client().call('configChange', {
        params: { table, id: idOf(row) },
        body: { values, ...(reason === undefined ? {} : { reason }) },
      }),
    create: (table, values) => client().call('configCreate', { params: { table }, body: { values } }),
    remove: (table, row) => client().call('configRemove', { params: { table, id: idOf(row) } }),
  }
}
