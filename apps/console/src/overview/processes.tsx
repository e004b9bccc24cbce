import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'

type Process = DataOf<Routes['processList']>['processes'][number]

/** The processes that share the cache, and what each of them counted. */
export function Processes({ processes }: { readonly processes: readonly Process[] }) {
  const t = useTranslations('overview')
  const formats = useFormats()
  const columns: readonly Column<Process>[] = [
    {
      id: 'process',
      header: t('process'),
      width: 220,
      narrow: 160,
      sortBy: ({ process }) => process,
      cell: ({ process }) => <span title={process}>{process}</span>,
    },
    {
      id: 'state',
      header: t('state'),
      width: 110,
      cell: ({ own, silent }) => {
        if (own) return <Badge tone="accent">{t('answers')}</Badge>
        return silent ? <Badge tone="bad">{t('silent')}</Badge> : <Badge tone="good">{t('heard')}</Badge>
      },
    },
    {
      id: 'rate',
      header: t('hitRate'),
      align: 'end',
      width: 90,
      cell: ({ figures }) =>
        formats.share(figures === null ? undefined : figures.hits / (figures.hits + figures.misses)),
    },
    {
      id: 'reads',
      header: t('reads'),
      align: 'end',
      width: 90,
      sortBy: ({ figures }) => (figures === null ? -1 : figures.hits + figures.misses),
      cell: ({ figures }) => (figures === null ? '–' : formats.count(figures.hits + figures.misses)),
    },
    {
      id: 'loads',
      header: t('loads'),
      align: 'end',
      width: 90,
      sortBy: ({ figures }) => figures?.loads ?? -1,
      cell: ({ figures }) => (figures === null ? '–' : formats.count(figures.loads)),
    },
    {
      id: 'seen',
      header: t('seen'),
      width: 130,
      wideOnly: true,
      cell: ({ seen_at }) => formats.time(seen_at),
    },
  ]
  return (
    <Part title={t('processes')}>
      <DataTable
        caption={t('processes')}
        columns={columns}
        rows={processes}
        // Two may have one name: containers that are each other's copies.
        keyOf={(process) => `${process.process} ${processes.indexOf(process)}`}
      />
    </Part>
  )
}
