import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import type { List } from '../service/use-list.ts'
import { Failed, Loading } from '../states/states.tsx'
import { DataTable, type DataTableProps } from './data-table.tsx'

/** A list as a table that grows as somebody scrolls; `empty` is shown when there is nothing in it. */
export function Listing<Row extends object>({
  list,
  empty,
  ...rest
}: Omit<DataTableProps<Row>, 'rows' | 'onEnd'> & { readonly list: List<Row>; readonly empty: ReactNode }) {
  const t = useTranslations('states')
  const { items, error, hasMore, more, again } = list
  if (items === undefined)
    return error === null ? <Loading lines={8} /> : <Failed error={error} onRetry={again} />
  if (items.length === 0 && !hasMore) return empty
  // A page may be empty and not the last: what is looked for is rare.
  return (
    <>
      <DataTable {...rest} rows={items} onEnd={hasMore ? more : undefined} />
      {items.length === 0 && (
        <>
          <p role="status" style={{ padding: '12px 0 4px' }}>
            {t('looking')}
          </p>
          <Loading lines={4} />
        </>
      )}
    </>
  )
}
