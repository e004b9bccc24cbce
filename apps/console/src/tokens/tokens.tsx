import type { DataOf, Routes } from '@reprise/api'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { PageHead } from '../figures/part.tsx'
import { TimeLeft } from '../figures/time-left.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useMay } from '../service/may.ts'
import { useAct, useRead } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'

type Token = DataOf<Routes['tokenList']>['items'][number]

const tones: Readonly<Record<Token['state'], Tone>> = {
  fresh: 'good',
  due: 'warn',
  failing: 'bad',
  missing: 'plain',
}

/** The access tokens: how long each lives, and ways to renew or reject it. */
export default function Tokens() {
  const t = useTranslations('tokens')
  const shell = useTranslations('shell')
  const tokens = useRead('tokenList', {}, { every: 5000 })
  return (
    <>
      <PageHead title={shell('tokens')} about={t('about')} />
      <Reading from={tokens}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('none')} about={t('noneAbout')} />
          ) : (
            <TokenTable tokens={items} />
          )
        }
      </Reading>
    </>
  )
}

function TokenTable({ tokens }: { readonly tokens: readonly Token[] }) {
  const t = useTranslations('tokens')
  const shell = useTranslations('shell')
  const formats = useFormats()
  const may = useMay()
  const now = useNow()
  const [asking, setAsking] = useState<Token>()
  const renew = useAct('tokenRenew', { onDone: ({ app_id }) => showDone(t('renewed', { app: app_id })) })
  const drop = useAct('tokenDrop')
  const columns: readonly Column<Token>[] = [
    {
      id: 'channel',
      header: t('channel'),
      width: 110,
      sortBy: ({ channel }) => channel,
      cell: ({ channel }) => channel,
    },
    { id: 'app', header: t('app'), width: 150, sortBy: ({ app_id }) => app_id, cell: ({ app_id }) => app_id },
    {
      id: 'state',
      header: t('state'),
      width: 90,
      cell: ({ state, last_error }) => (
        <span title={last_error === null ? undefined : `${last_error.code}: ${last_error.message}`}>
          <Badge tone={tones[state]}>{t(state)}</Badge>
        </span>
      ),
    },
    {
      id: 'life',
      header: t('life'),
      width: 150,
      cell: ({ fetched_at, expires_at }) =>
        fetched_at === null ? '–' : <TimeLeft from={fetched_at} until={expires_at} now={now} />,
    },
    {
      id: 'renews',
      header: t('renews'),
      width: 120,
      wideOnly: true,
      cell: ({ renews_at }) => (renews_at === null ? '–' : formats.ago(renews_at, now)),
    },
    {
      id: 'fingerprint',
      header: t('fingerprint'),
      width: 96,
      wideOnly: true,
      cell: ({ fingerprint }) => <code>{fingerprint ?? '–'}</code>,
    },
    {
      id: 'fetches',
      header: t('fetches'),
      align: 'end',
      width: 80,
      wideOnly: true,
      cell: ({ fetches }) => formats.count(fetches),
    },
    {
      id: 'failures',
      header: t('failures'),
      align: 'end',
      width: 80,
      wideOnly: true,
      cell: ({ failures }) => formats.count(failures),
    },
    {
      id: 'acts',
      header: t('actions'),
      align: 'end',
      width: 160,
      cell: (token) => (
        <>
          {may('tokenRenew') && (
            <Button
              small
              disabled={renew.isPending}
              onClick={() => renew.mutate({ params: { channel: token.channel, app_id: token.app_id } })}
            >
              {t('renew')}
            </Button>
          )}{' '}
          {may('tokenDrop') && token.fingerprint !== null && (
            <Button small kind="danger" onClick={() => setAsking(token)}>
              {t('reject')}
            </Button>
          )}
        </>
      ),
    },
  ]
  return (
    <>
      <DataTable
        caption={shell('tokens')}
        columns={columns}
        rows={tokens}
        keyOf={({ channel, app_id }) => `${channel} ${app_id}`}
      />
      <Confirm
        open={asking !== undefined}
        title={t('rejectTitle', { app: asking?.app_id ?? '' })}
        about={t('rejectAbout', { fingerprint: asking?.fingerprint ?? '' })}
        action={t('reject')}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          if (asking !== undefined && asking.fingerprint !== null) {
            const { channel, app_id, fingerprint } = asking
            drop.mutate(
              { params: { channel, app_id }, query: { fingerprint } },
              { onSuccess: () => showDone(t('rejected', { app: app_id })) },
            )
          }
          setAsking(undefined)
        }}
      />
    </>
  )
}
