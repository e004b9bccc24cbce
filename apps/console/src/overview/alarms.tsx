import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useAct } from '../service/use-service.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'

type Alarm = ItemOf<'alarmList'>

/** The alarms that are on, and the last ones that were. */
export function Alarms() {
  const t = useTranslations('overview')
  const formats = useFormats()
  const may = useMay()
  const list = useList('alarmList', {}, { every: 10_000 })
  const acknowledge = useAct('alarmAcknowledge')
  const columns: readonly Column<Alarm>[] = [
    {
      id: 'state',
      header: t('state'),
      width: 90,
      cell: ({ ended_at }) => (
        <Badge tone={ended_at === null ? 'bad' : 'plain'}>
          {ended_at === null ? t('active') : t('over')}
        </Badge>
      ),
    },
    {
      id: 'message',
      header: t('alarm'),
      width: 320,
      cell: ({ message }) => <span title={message}>{message}</span>,
    },
    {
      id: 'since',
      header: t('since'),
      width: 120,
      wideOnly: true,
      cell: ({ started_at }) => formats.time(started_at),
    },
    {
      id: 'known',
      header: t('known'),
      width: 130,
      cell: ({ id, ended_at, acknowledged_by }) =>
        acknowledged_by ??
        (ended_at === null && may('alarmAcknowledge') ? (
          <Button small onClick={() => acknowledge.mutate({ params: { id: String(id) }, body: {} })}>
            {t('acknowledge')}
          </Button>
        ) : (
          '–'
        )),
    },
  ]
  return (
    <Part title={t('alarms')}>
      <Listing
        caption={t('alarms')}
        list={list}
        columns={columns}
        keyOf={({ id }) => String(id)}
        height={260}
        empty={<Empty title={t('noAlarms')} />}
      />
    </Part>
  )
}
