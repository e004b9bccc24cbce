import { Suspense, lazy, useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { Loading } from '../states/states.tsx'
import type { HistoryRow } from './use-history.ts'

const Chart = lazy(() => import('../figures/chart.tsx'))

/** The last hour as charts, of what `useHistory` gives. */
export function LastHour({ rows = [] }: { readonly rows: readonly HistoryRow[] | undefined }) {
  const t = useTranslations('history')
  const formats = useFormats()
  const { times, hits, loads, errors } = useMemo(() => {
    const rate = (of: (row: HistoryRow) => number): number[] => rows.map((row) => of(row) / row.seconds)
    return {
      times: rows.map(({ from }) => Date.parse(from) / 1000),
      hits: rate((row) => row.hits),
      loads: rate((row) => row.loads),
      errors: rate((row) => row.load_failures + row.errors),
    }
  }, [rows])
  return (
    <Part title={t('perSecond')}>
      <Suspense fallback={<Loading />}>
        <Chart
          label={t('perSecond')}
          times={times}
          format={formats.short}
          lines={[
            { name: t('hits'), colour: '--tier-1', values: hits },
            { name: t('loads'), colour: '--load', values: loads },
            { name: t('errors'), colour: '--bad', values: errors },
          ]}
        />
      </Suspense>
    </Part>
  )
}
