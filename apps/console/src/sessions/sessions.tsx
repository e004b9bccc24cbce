import { useTranslations } from 'use-intl'
import { Redirect, Route, Switch, useLocation, useSearchParams } from 'wouter'
import { SelectField } from '../controls/field.tsx'
import { useFilters } from '../controls/filters.tsx'
import { PartLinks } from '../controls/part-links.tsx'
import { PageHead } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { Empty, Failed, Loading, Missing } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { Conversations } from './conversations.tsx'
import { SessionPage } from './session-page.tsx'

/** The sessions, by their timelines or by their conversations with the assistant, or one of them. */
export default function Sessions() {
  const t = useTranslations('sessions')
  const may = useMay()
  const [search] = useSearchParams()
  const session = search.get('session')
  if (session !== null) {
    const site = search.get('site') ?? undefined
    return <SessionPage session={session} site={site} scene={search.get('scene') ?? ''} />
  }
  const views = [
    { path: '/sessions', needs: 'timelineSessions', text: t('timelines'), view: SessionTable },
    {
      path: '/sessions/conversations',
      needs: 'conversationList',
      text: t('conversations'),
      view: Conversations,
    },
  ] as const
  const shown = views.filter(({ needs }) => may(needs))
  return (
    <>
      {shown.length > 1 && (
        <PartLinks label={t('views')} links={shown.map(({ path, text }) => [path, text])} />
      )}
      <Switch>
        {shown.map(({ path, view: View }) => (
          <Route key={path} path={path}>
            <View />
          </Route>
        ))}
        <Route>{shown[0] === undefined ? <Missing /> : <Redirect to={shown[0].path} replace />}</Route>
      </Switch>
    </>
  )
}

function SessionTable() {
  const t = useTranslations('sessions')
  const shell = useTranslations('shell')
  const { values, set } = useFilters(['site'])
  const sites = useList('timelineSites', {})
  const site = values.site ?? sites.items?.[0]?.site
  if (sites.items === undefined) {
    return sites.error === null ? <Loading /> : <Failed error={sites.error} onRetry={sites.again} />
  }
  return (
    <>
      <PageHead title={shell('sessions')} about={t('about')}>
        {site !== undefined && (
          <SelectField
            label={t('site')}
            hideLabel
            value={site}
            options={sites.items.map((one) => [one.site, `${t('site')} ${one.site} (${one.sessions})`])}
            onChoose={(next) => set({ site: next })}
          />
        )}
      </PageHead>
      {site === undefined ? <Empty title={t('none')} about={t('noneAbout')} /> : <SessionList site={site} />}
    </>
  )
}

function SessionList({ site }: { readonly site: string }) {
  const t = useTranslations('sessions')
  const shell = useTranslations('shell')
  const formats = useFormats()
  const [, go] = useLocation()
  const list = useList('timelineSessions', { site })
  const columns: readonly Column<ItemOf<'timelineSessions'>>[] = [
    { id: 'session', header: t('session'), width: 240, cell: ({ session_id }) => session_id },
    { id: 'scene', header: t('scene'), width: 110, cell: ({ scene }) => scene },
    { id: 'size', header: t('size'), align: 'end', width: 90, cell: ({ bytes }) => formats.bytes(bytes) },
    {
      id: 'life',
      header: t('life'),
      width: 130,
      wideOnly: true,
      cell: ({ expires_at }) => formats.ago(expires_at),
    },
  ]
  return (
    <Listing
      caption={shell('sessions')}
      list={list}
      columns={columns}
      keyOf={({ session_id, scene }) => `${session_id} ${scene}`}
      onOpen={({ session_id, scene }) =>
        go(`/sessions?${new URLSearchParams({ site, session: session_id, scene }).toString()}`)
      }
      empty={<Empty title={t('none')} about={t('noneAbout')} />}
    />
  )
}
