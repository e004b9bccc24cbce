import { Suspense, lazy, useMemo } from 'react'
import { useTranslations } from 'use-intl'
import type { ChartLine } from '../figures/chart.tsx'
import { Part, Two } from '../figures/part.tsx'
import { tierColour } from '../figures/tier-colour.ts'
import { useFormats } from '../figures/use-formats.ts'
import { Empty, Loading } from '../states/states.tsx'
import type { HistoryRow } from './use-history.ts'

const Chart = lazy(() => import('../figures/chart.tsx'))

type Latency = HistoryRow['load_times']

/** The last hour as charts, of what `useHistory` gives: of one `space`, or of all with the tiers below them. */
export function LastHour({
  rows = [],
  space = false,
}: {
  readonly rows: readonly HistoryRow[] | undefined
  readonly space?: boolean
}) {
  const t = useTranslations('history')
  const formats = useFormats()
  const times = useMemo(() => rows.map(({ from }) => Date.parse(from) / 1000), [rows])
  const counts = useMemo((): readonly ChartLine[] => {
    const rate = (of: (row: HistoryRow) => number): number[] => rows.map((row) => of(row) / row.seconds)
    return [
      { name: t('hits'), colour: 'var(--tier-1)', values: rate((row) => row.hits) },
      { name: t('loads'), colour: 'var(--load)', values: rate((row) => row.loads) },
      { name: t('errors'), colour: 'var(--bad)', values: rate((row) => row.load_failures + row.errors) },
    ]
  }, [rows, t])
  const durations = useMemo((): readonly ChartLine[] => {
    const pair = (name: string, colour: string, of: (row: HistoryRow) => Latency | undefined) =>
      (['p50', 'p99'] as const).map((which) => ({
        name: `${name} ${which}`,
        colour,
        dashed: which === 'p99',
        values: rows.map((row) => {
          const seconds = of(row)?.[`${which}_seconds`] ?? null
          return seconds === null ? null : seconds * 1000
        }),
      }))
    const tiers = space ? [] : (rows.at(-1)?.tiers ?? [])
    return [
      ...tiers.flatMap(({ tier }) =>
        pair(tier, tierColour(tier), (row) => row.tiers.find((one) => one.tier === tier)?.reads),
      ),
      ...pair(t('load'), 'var(--load)', (row) => row.load_times),
    ]
  }, [rows, space, t])
  const charts = [
    { label: t('perSecond'), lines: counts, format: formats.short },
    {
      label: t(space ? 'loadTimes' : 'tierTimes'),
      lines: durations,
      format: formats.duration,
      powers: true,
      note: space ? undefined : t('memory'),
    },
  ]
  return (
    <Two>
      {charts.map(({ label, lines, format, powers, note }) => (
        <Part key={label} title={label}>
          {rows.length > 0 && lines.every(({ values }) => values.every((value) => value === null)) ? (
            <Empty title={t('none')} />
          ) : (
            <Suspense fallback={<Loading />}>
              <Chart label={label} times={times} lines={lines} format={format} powers={powers} note={note} />
            </Suspense>
          )}
        </Part>
      ))}
    </Two>
  )
}
