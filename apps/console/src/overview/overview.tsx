import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, Dot } from '../controls/badge.tsx'
import { PageHead, Part, Parts, Two } from '../figures/part.tsx'
import { Shares } from '../figures/shares.tsx'
import { tierColour } from '../figures/tier-colour.ts'
import { useFormats } from '../figures/use-formats.ts'
import { LastHour } from '../history/last-hour.tsx'
import { useHistory } from '../history/use-history.ts'
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
import { Processes } from './processes.tsx'
import { Totals } from './totals.tsx'

type Stats = DataOf<Routes['cacheStats']>

/** How often the figures are read, in milliseconds. */
const every = 2000

/** The cache at a glance; each part is drawn when what it tells is there, since counting entries may take a while. */
export default function Overview() {
  const t = useTranslations('overview')
  const names = useTranslations('shell')
  const may = useMay()
  const stats = useRead('cacheStats', {}, { every })
  const shared = useRead('processList', {}, { every })
  const history = useHistory()
  const processes = shared.data?.processes ?? []
  const heard = processes.filter(({ silent }) => !silent)
  const [own] = processes
  const about = own === undefined ? '' : t('whose', { count: heard.length, process: own.process })
  return (
    <>
      <PageHead title={names('overview')} about={`${t('about')} ${about}`} />
      <Parts>
        {may('alarmList') && <Alarms state="active" />}
        <Reading from={shared}>
          {() => (
            <Reading from={stats}>
              {(data) => (
                <Totals
                  stats={data}
                  figures={heard.flatMap(({ figures }) => figures ?? [])}
                  history={history ?? []}
                />
              )}
            </Reading>
          )}
        </Reading>
        <LastHour rows={history} />
        {stats.data !== undefined && (
          <Two>
            <Sources stats={stats.data} />
            <Tiers stats={stats.data} />
          </Two>
        )}
        {processes.length > 1 && <Processes processes={processes} />}
        {may('ledger') && <Bill />}
        {may('events') && <Happenings />}
        {may('alarmRules') && <AlarmRules />}
        {may('alarmList') && <Alarms state="past" />}
      </Parts>
    </>
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
