import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { PageHead } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'

type Space = DataOf<Routes['cacheStats']>['spaces'][number]

const hitsOf = ({ hits }: Space): number => Object.values(hits).reduce((sum, count) => sum + count, 0)
const readsOf = (space: Space): number => hitsOf(space) + space.misses
const rateOf = (space: Space): number | undefined =>
  readsOf(space) === 0 ? undefined : hitsOf(space) / readsOf(space)

/** The spaces as a table. */
export default function Spaces() {
  const t = useTranslations('spaces')
  const names = useTranslations('shell')
  const formats = useFormats()
  const stats = useRead('cacheStats', {}, { every: 5000 })
  const figure = (id: string, header: string, of: (space: Space) => number, text = formats.count) => ({
    id,
    header,
    align: 'end' as const,
    width: 84,
    sortBy: of,
    cell: (space: Space) => text(of(space)),
  })
  const columns: readonly Column<Space>[] = [
    { id: 'space', header: t('space'), width: 190, sortBy: ({ space }) => space, cell: ({ space }) => space },
    {
      id: 'rate',
      header: t('hitRate'),
      align: 'end',
      width: 84,
      sortBy: (space) => rateOf(space) ?? -1,
      cell: (space) => formats.share(rateOf(space)),
    },
    figure('reads', t('reads'), readsOf),
    figure('loads', t('loads'), ({ loads }) => loads),
    {
      ...figure(
        'time',
        t('loadTime'),
        ({ loads, load_seconds }) => (load_seconds / Math.max(1, loads)) * 1000,
        formats.duration,
      ),
      wideOnly: true,
    },
    { ...figure('shared', t('shared'), ({ coalesced }) => coalesced), wideOnly: true },
    { ...figure('failures', t('failures'), ({ load_failures }) => load_failures), wideOnly: true },
    figure('entries', t('entries'), ({ memory_entries }) => memory_entries),
    { ...figure('bytes', t('bytes'), ({ memory_bytes }) => memory_bytes, formats.bytes), wideOnly: true },
  ]
  return (
    <>
      <PageHead title={names('spaces')} about={t('about')} />
      <Reading from={stats}>
        {({ spaces }) =>
          spaces.length === 0 ? (
            <Empty title={t('none')} about={t('noneAbout')} />
          ) : (
            <DataTable
              caption={names('spaces')}
              columns={columns}
              rows={spaces}
              keyOf={({ space }) => space}
              height={640}
            />
          )
        }
      </Reading>
    </>
  )
}
