import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/field.tsx'
import { PageHead, Parts } from '../figures/part.tsx'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Changes } from './changes.tsx'
import { ConfigRow } from './config-row.tsx'
import { ConfigRows } from './config-rows.tsx'
import type { ConfigTable, ConfigValues } from './config-table.ts'

/** The configuration of the assistant: rows are made, changed and removed here, and the caches follow. */
export function Configuration() {
  const t = useTranslations('settings')
  const tables = useRead('configTables')
  return (
    <>
      <Reading from={tables}>{(data) => <Tables tables={data.tables} />}</Reading>
      {tables.data === undefined && <PageHead title={t('configuration')} />}
    </>
  )
}

function Tables({ tables }: { readonly tables: readonly ConfigTable[] }) {
  const t = useTranslations('settings')
  const [name, setName] = useState(tables[0]?.table ?? '')
  const [editing, setEditing] = useState<ConfigValues | 'new'>()
  const table = tables.find((one) => one.table === name)
  return (
    <>
      <PageHead title={t('configuration')} about={t('tablesAbout')}>
        <SelectField
          label={t('table')}
          hideLabel
          value={name}
          options={tables.map((one) => [one.table, `${one.table} (${one.rows})`])}
          onChoose={setName}
        />
        <Button kind="primary" onClick={() => setEditing('new')}>
          {t('newRow')}
        </Button>
      </PageHead>
      <Parts>
        {table !== undefined && <ConfigRows key={name} table={table} onOpen={setEditing} />}
        <Changes />
      </Parts>
      {table !== undefined && editing !== undefined && (
        <ConfigRow
          table={table}
          row={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
