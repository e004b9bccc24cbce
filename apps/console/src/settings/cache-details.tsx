import type { DataOf, Routes } from '@reprise/api'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Part } from '../figures/part.tsx'
import { TimeLeft } from '../figures/time-left.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { Pager } from '../table/pager.tsx'

type Entry = DataOf<Routes['cacheDetails']>['items'][number]

const sizes = [10, 20, 50, 100] as const

/** The living entries, page by page. */
export function CacheDetails() {
  const t = useTranslations('settings')
  const formats = useFormats()
  const now = useNow(5000)
  const [{ page, size }, setPage] = useState({ page: 1, size: 20 })
  const details = useRead('cacheDetails', { query: { page, page_size: size } }, { keep: true })
  const columns: readonly Column<Entry>[] = [
    {
      id: 'type',
      header: t('type'),
      width: 164,
      narrow: 120,
      sortBy: ({ type }) => type,
      cell: ({ type }) => type,
    },
    {
      id: 'symbol',
      header: t('symbol'),
      width: 190,
      narrow: 120,
      sortBy: ({ symbol }) => symbol,
      cell: ({ symbol, key }) => <span title={key}>{symbol === '' ? '–' : symbol}</span>,
    },
    {
      id: 'size',
      header: t('bytes'),
      align: 'end',
      width: 74,
      narrow: 74,
      sortBy: ({ size: bytes }) => bytes,
      cell: ({ size: bytes }) => formats.bytes(bytes),
    },
    {
      id: 'hits',
      header: t('hits'),
      align: 'end',
      width: 58,
      sortBy: ({ hit_count }) => hit_count,
      cell: ({ hit_count }) => formats.count(hit_count),
    },
    {
      id: 'made',
      header: t('made'),
      width: 132,
      wideOnly: true,
      sortBy: ({ created_at }) => created_at,
      cell: ({ created_at }) => <span title={created_at}>{formats.ago(created_at, now)}</span>,
    },
    {
      id: 'read',
      header: t('read'),
      width: 132,
      wideOnly: true,
      sortBy: ({ last_accessed }) => last_accessed,
      cell: ({ last_accessed }) =>
        last_accessed === null ? '–' : <span title={last_accessed}>{formats.ago(last_accessed, now)}</span>,
    },
    {
      id: 'life',
      header: t('life'),
      width: 124,
      wideOnly: true,
      sortBy: ({ expires_at }) => expires_at,
      cell: ({ created_at, expires_at }) => <TimeLeft from={created_at} until={expires_at} now={now} />,
    },
    { id: 'tiers', header: t('tiers'), width: 110, wideOnly: true, cell: ({ tiers }) => tiers.join(', ') },
  ]
  return (
    <Part title={t('details')}>
      <Reading from={details} lines={8}>
        {({ items, total }) =>
          total === 0 ? (
            <Empty title={t('noEntries')} about={t('noEntriesAbout')} />
          ) : (
            <>
              <DataTable caption={t('details')} columns={columns} rows={items} keyOf={({ key }) => key} />
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
        }
      </Reading>
    </Part>
  )
}
