import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/field.tsx'
import { FilterBar, useFilters } from '../controls/filters.tsx'
import { PageHead } from '../figures/part.tsx'
import { TimeLeft } from '../figures/time-left.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useMay } from '../service/may.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useRead } from '../service/use-service.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { EntryDetails } from './entry-details.tsx'
import { stateTones } from './state-tones.ts'
import { TagInvalidation } from './tag-invalidation.tsx'

type Entry = ItemOf<'entryList'>
const names = ['space', 'params', 'tag'] as const
type Filter = Readonly<Partial<Record<(typeof names)[number], string>>>

/** The entries: find them, look at one, delete it, or invalidate by tag. */
export default function Entries() {
  const t = useTranslations('entries')
  const shell = useTranslations('shell')
  const may = useMay()
  const {
    values: { key, ...filter },
    set,
  } = useFilters([...names, 'key'])
  const [asking, setAsking] = useState(false)
  const spaces = useRead('spaceList', {}, { enabled: may('spaceList') })
  return (
    <>
      <PageHead title={shell('entries')} about={t('about')}>
        {may('invalidate') && (
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t('byTag')}
          </Button>
        )}
      </PageHead>
      <FilterBar
        label={t('params')}
        value={filter.params ?? ''}
        action={t('look')}
        onSend={(params) => set({ params })}
      >
        <SelectField
          label={t('space')}
          hideLabel
          value={filter.space ?? ''}
          options={[
            ['', t('anySpace')],
            ...(spaces.data?.items ?? []).map(
              ({ space, entries }) => [space, `${space} (${entries})`] as const,
            ),
          ]}
          onChoose={(space) => set({ space })}
        />
        {filter.tag !== undefined && (
          <Button kind="quiet" onClick={() => set({ tag: '' })}>
            {t('tag')}: {filter.tag} ×
          </Button>
        )}
      </FilterBar>
      <Rows filter={filter} onOpen={(next) => set({ key: next }, 'push')} />
      {key !== undefined && (
        <EntryDetails
          entryKey={key}
          onTag={(tag) => set({ key: '', tag })}
          onClose={() => set({ key: '' })}
        />
      )}
      {asking && <TagInvalidation initial={filter.tag ?? ''} onClose={() => setAsking(false)} />}
    </>
  )
}

function Rows({ filter, onOpen }: { readonly filter: Filter; readonly onOpen: (key: string) => void }) {
  const t = useTranslations('entries')
  const shell = useTranslations('shell')
  const formats = useFormats()
  const now = useNow(5000)
  const list = useList('entryList', filter)
  const columns: readonly Column<Entry>[] = [
    {
      id: 'key',
      header: t('key'),
      width: 400,
      narrow: 220,
      sortBy: ({ key }) => key,
      cell: ({ key }) => <span title={key}>{key}</span>,
    },
    {
      id: 'state',
      header: t('state'),
      width: 90,
      sortBy: ({ state }) => state,
      cell: ({ state }) => <Badge tone={stateTones[state]}>{t(state)}</Badge>,
    },
    {
      id: 'life',
      header: t('life'),
      width: 130,
      wideOnly: true,
      sortBy: ({ expires_at }) => expires_at,
      cell: ({ created_at, expires_at }) =>
        created_at === null ? '–' : <TimeLeft from={created_at} until={expires_at} now={now} />,
    },
    {
      id: 'size',
      header: t('size'),
      align: 'end',
      width: 80,
      sortBy: ({ bytes }) => bytes,
      cell: ({ bytes }) => formats.bytes(bytes),
    },
    {
      id: 'hits',
      header: t('hits'),
      align: 'end',
      width: 64,
      wideOnly: true,
      sortBy: ({ hits }) => hits,
      cell: ({ hits }) => formats.count(hits),
    },
    { id: 'tiers', header: t('tiers'), width: 110, wideOnly: true, cell: ({ tiers }) => tiers.join(', ') },
    { id: 'model', header: t('model'), width: 110, wideOnly: true, cell: ({ model }) => model ?? '–' },
  ]
  return (
    <Listing
      caption={shell('entries')}
      list={list}
      columns={columns}
      keyOf={({ key }) => key}
      onOpen={({ key }) => onOpen(key)}
      height={640}
      empty={<Empty title={t('none')} about={t('noneAbout')} />}
    />
  )
}
