import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { TextField } from '../controls/field.tsx'
import { Part } from '../figures/part.tsx'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { Pager } from '../table/pager.tsx'
import { type ConfigTable, type ConfigValues, valueText } from './config-table.ts'

const sizes = [20, 50, 100, 200] as const
/** Columns beside the key. */
const most = 6

/** The rows of a table; each opens. */
export function ConfigRows({
  table,
  onOpen,
}: {
  readonly table: ConfigTable
  readonly onOpen: (row: ConfigValues) => void
}) {
  const t = useTranslations('settings')
  const [{ page, size }, setPage] = useState({ page: 1, size: 50 })
  const [text, setText] = useState('')
  const rows = useRead(
    'configList',
    { params: { table: table.table }, query: { page, page_size: size } },
    { keep: true },
  )
  const columns: readonly Column<ConfigValues>[] = [
    table.key,
    ...table.fields.filter((field) => field !== table.key).slice(0, most),
  ].map((field, index) => ({
    id: field,
    header: field,
    width: index === 0 ? 90 : 150,
    wideOnly: index > 2,
    sortBy: (row) => valueText(row[field]),
    cell: (row) => valueText(row[field]),
  }))
  return (
    <Part
      title={table.table}
      more={
        <TextField
          label={t('search')}
          hideLabel
          type="search"
          placeholder={t('search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      }
    >
      <Reading from={rows} lines={8}>
        {({ rows: all, total }) => {
          const found = all.filter((row) => JSON.stringify(row).toLowerCase().includes(text.toLowerCase()))
          if (total === 0) return <Empty title={t('noRows')} />
          return (
            <>
              {found.length === 0 ? (
                <Empty title={t('noMatch')} />
              ) : (
                <DataTable
                  caption={table.table}
                  columns={columns}
                  rows={found}
                  keyOf={(row) => valueText(row[table.key])}
                  onOpen={onOpen}
                />
              )}
              <Pager
                page={page}
                size={size}
                sizes={sizes}
                total={total}
                onTurn={(next) => setPage({ page: next, size })}
                onSize={(next) => setPage({ page: 1, size: next })}
              />
            </>
          )
        }}
      </Reading>
    </Part>
  )
}
