import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, Dot } from '../controls/badge.tsx'
import { Card, Cards } from '../figures/card.tsx'
import { PageHead, Part, Parts, Two } from '../figures/part.tsx'
import { Shares } from '../figures/shares.tsx'
import { Sparkline } from '../figures/sparkline.tsx'
import { tierColour } from '../figures/tier-colour.ts'
import { useFormats } from '../figures/use-formats.ts'
import { LastHour } from '../history/last-hour.tsx'
import { type HistoryRow, hitRates, useHistory } from '../history/use-history.ts'
import { useMay } from '../service/may.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { AlarmRules } from './alarm-rules.tsx'
import { Alarms } from './alarms.tsx'
import { Bill } from './bill.tsx'
import { Happenings } from './happenings.tsx'

type Stats = DataOf<Routes['cacheStats']>

/** How often the figures are read, in milliseconds. */
const every = 2000

/** The cache at a glance; each part is drawn when what it tells is there, since counting entries may take a while. */
export default function Overview() {
  const t = useTranslations('overview')
  const names = useTranslations('shell')
  const may = useMay()
  const stats = useRead('cacheStats', {}, { every })
  const history = useHistory()
  return (
    <>
      <PageHead title={names('overview')} about={t('about')} />
      <Parts>
        {may('alarmList') && <Alarms state="active" />}
        <Reading from={stats}>{(data) => <Totals stats={data} history={history ?? []} />}</Reading>
        <LastHour rows={history} />
        {stats.data !== undefined && (
          <Two>
            <Sources stats={stats.data} />
            <Tiers stats={stats.data} />
          </Two>
        )}
        {may('ledger') && <Bill />}
        {may('events') && <Happenings />}
        {may('alarmRules') && <AlarmRules />}
        {may('alarmList') && <Alarms state="past" />}
      </Parts>
    </>
  )
}

function Totals({ stats, history }: { readonly stats: Stats; readonly history: readonly HistoryRow[] }) {
  const t = useTranslations('overview')
  const words = useTranslations('history')
  const formats = useFormats()
  const course = hitRates(history)
  const sum = (of: (space: Stats['spaces'][number]) => number): number =>
    stats.spaces.reduce((total, space) => total + of(space), 0)
  const coalesced = sum((space) => space.coalesced)
  const seconds = sum((space) => space.load_seconds)
  const reads = stats.hits + stats.misses
  return (
    <Cards>
      <Card
        name={t('hitRate')}
        value={formats.share(reads === 0 ? undefined : stats.hit_rate)}
        more={t('hitRateMore', { hits: formats.count(stats.hits), reads: formats.count(reads) })}
      >
        {course.length > 0 && <Sparkline values={course} label={words('hitRate')} least={0} most={1} />}
      </Card>
      <Card
        name={t('avoided')}
        value={formats.count(stats.hits + coalesced)}
        more={t('avoidedMore', { coalesced: formats.count(coalesced) })}
      />
      <Card
        name={t('loads')}
        value={formats.count(stats.loads)}
        more={
          stats.loads === 0
            ? undefined
            : t('loadsMore', { time: formats.duration((seconds / stats.loads) * 1000) })
        }
      />
      <Card
        name={t('entries')}
        value={formats.count(stats.totalFiles)}
        more={t('entriesMore', { bytes: formats.bytes(stats.totalSize) })}
      />
    </Cards>
  )
}

function Sources({ stats }: { readonly stats: Stats }) {
  const t = useTranslations('overview')
  const formats = useFormats()
  const byTier = new Map<string, number>(stats.tiers.map(({ name }) => [name, 0]))
  for (const { hits } of stats.spaces) {
    for (const [tier, count] of Object.entries(hits)) byTier.set(tier, (byTier.get(tier) ?? 0) + count)
  }
  const all = stats.hits + stats.misses
  const rows = [...byTier, ['load', stats.misses] as const].map(([name, value]) => ({
    name: name === 'load' ? t('load') : name,
    value,
    text: formats.share(all === 0 ? undefined : value / all),
    more: formats.short(value),
    colour: tierColour(name),
  }))
  return (
    <Part title={t('tiers')}>
      {all === 0 ? <Empty title={t('none')} about={t('noneAbout')} /> : <Shares rows={rows} whole={all} />}
    </Part>
  )
}

function Tiers({ stats }: { readonly stats: Stats }) {
  const t = useTranslations('overview')
  const formats = useFormats()
  const columns: readonly Column<Stats['tiers'][number]>[] = [
    { id: 'tier', header: t('tier'), cell: ({ name }) => name, width: 90 },
    {
      id: 'state',
      header: t('state'),
      width: 110,
      cell: ({ reachable }) => (
        <Badge tone={reachable ? 'good' : 'bad'}>
          <Dot />
          {reachable ? t('reachable') : t('unreachable')}
        </Badge>
      ),
    },
    {
      id: 'entries',
      header: t('entries'),
      align: 'end',
      width: 80,
      cell: ({ entries }) => formats.count(entries),
    },
    { id: 'size', header: t('size'), align: 'end', width: 100, cell: ({ bytes }) => formats.bytes(bytes) },
    {
      id: 'bound',
      header: t('bound'),
      align: 'end',
      width: 90,
      wideOnly: true,
      cell: ({ max_bytes }) => (max_bytes === undefined ? '–' : formats.bytes(max_bytes)),
    },
  ]
  return (
    <Part title={t('health')}>
      <DataTable caption={t('health')} columns={columns} rows={stats.tiers} keyOf={({ name }) => name} />
    </Part>
  )
}
