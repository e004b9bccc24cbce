import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Card, Cards } from '../figures/card.tsx'
import { Sparkline } from '../figures/sparkline.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { type HistoryRow, hitRates } from '../history/use-history.ts'

type Figures = NonNullable<DataOf<Routes['processList']>['processes'][number]['figures']>

/** What the cache did since it started: of every process whose `figures` are given, together. */
export function Totals({
  stats: { totalFiles, totalSize },
  figures,
  history,
}: {
  readonly stats: Pick<DataOf<Routes['cacheStats']>, 'totalFiles' | 'totalSize'>
  readonly figures: readonly Figures[]
  readonly history: readonly HistoryRow[]
}) {
  const t = useTranslations('overview')
  const words = useTranslations('history')
  const formats = useFormats()
  const course = hitRates(history)
  const sum = (name: keyof Figures): number => figures.reduce((total, one) => total + one[name], 0)
  const [hits, loads] = [sum('hits'), sum('loads')]
  const reads = hits + sum('misses')
  return (
    <Cards>
      <Card
        name={t('hitRate')}
        value={formats.share(reads === 0 ? undefined : hits / reads)}
        more={t('hitRateMore', { hits: formats.count(hits), reads: formats.count(reads) })}
      >
        {course.length > 0 && <Sparkline values={course} label={words('hitRate')} least={0} most={1} />}
      </Card>
      <Card
        name={t('avoided')}
        value={formats.count(hits + sum('coalesced'))}
        more={t('avoidedMore', { coalesced: formats.count(sum('coalesced')) })}
      />
      <Card
        name={t('loads')}
        value={formats.count(loads)}
        more={
          loads === 0
            ? undefined
            : t('loadsMore', { time: formats.duration((sum('load_seconds') / loads) * 1000) })
        }
      />
      <Card
        name={t('entries')}
        value={formats.count(totalFiles)}
        more={t('entriesMore', { bytes: formats.bytes(totalSize) })}
      />
    </Cards>
  )
}
