import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import { Badge } from '../controls/badge.tsx'
import { PageHead } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { adviceTones } from './advice.ts'

type Space = DataOf<Routes['spaceList']>['items'][number]

/** The catalog as a table. */
export function SpaceTable() {
  const t = useTranslations('spaces')
  const names = useTranslations('shell')
  const formats = useFormats()
  const [, go] = useLocation()
  const spaces = useRead('spaceList', {}, { every: 5000 })
  const advice = useRead('ttlAdvice')
  const adviceOf = (space: string) => advice.data?.items.find((one) => one.space === space)?.advice
  const readsOf = ({ hits, misses }: Space): number => hits + misses
  const columns: readonly Column<Space>[] = [
    {
      id: 'space',
      header: t('space'),
      width: 205,
      narrow: 150,
      sortBy: ({ space }) => space,
      cell: ({ space }) => <span title={space}>{space}</span>,
    },
    {
      id: 'template',
      header: t('template'),
      width: 200,
      wideOnly: true,
      cell: ({ template }) => <code title={template}>{template}</code>,
    },
    {
      id: 'ttl',
      header: t('ttl'),
      width: 70,
      wideOnly: true,
      sortBy: ({ ttl_seconds }) => ttl_seconds,
      cell: ({ ttl, ttl_seconds }) => (ttl_seconds === null ? ttl : formats.duration(ttl_seconds * 1000)),
    },
    {
      id: 'entries',
      header: t('entries'),
      align: 'end',
      width: 78,
      narrow: 76,
      sortBy: ({ entries }) => entries,
      cell: ({ entries }) => formats.count(entries),
    },
    {
      id: 'bytes',
      header: t('bytes'),
      align: 'end',
      width: 80,
      wideOnly: true,
      sortBy: ({ bytes }) => bytes,
      cell: ({ bytes }) => formats.bytes(bytes),
    },
    {
      id: 'reads',
      header: t('reads'),
      align: 'end',
      width: 70,
      sortBy: readsOf,
      cell: (space) => formats.count(readsOf(space)),
    },
    {
      id: 'rate',
      header: t('hitRate'),
      align: 'end',
      width: 76,
      sortBy: (space) => (readsOf(space) === 0 ? -1 : space.hit_rate),
      cell: (space) => formats.share(readsOf(space) === 0 ? undefined : space.hit_rate),
    },
    {
      id: 'time',
      header: t('loadTime'),
      align: 'end',
      width: 84,
      wideOnly: true,
      sortBy: ({ mean_load_seconds }) => mean_load_seconds ?? -1,
      cell: ({ mean_load_seconds }) =>
        mean_load_seconds === null ? '–' : formats.duration(mean_load_seconds * 1000),
    },
    {
      id: 'advice',
      header: t('advice'),
      width: 104,
      wideOnly: true,
      cell: ({ space }) => {
        const one = adviceOf(space)
        return one === undefined || one === 'not-enough' ? (
          '–'
        ) : (
          <Badge tone={adviceTones[one]}>{t(one)}</Badge>
        )
      },
    },
  ]
  return (
    <>
      <PageHead title={names('spaces')} about={t('about')} />
      <Reading from={spaces} lines={10}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('none')} />
          ) : (
            <DataTable
              caption={names('spaces')}
              columns={columns}
              rows={items}
              keyOf={({ space }) => space}
              onOpen={({ space }) => go(`/spaces/${encodeURIComponent(space)}`)}
              height={660}
            />
          )
        }
      </Reading>
    </>
  )
}
