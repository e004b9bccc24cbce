import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import { FilterBar, useFilters } from '../controls/filters.tsx'
import { PageHead } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'

/** The sessions of the assistant, of everybody or of one user. */
export function Conversations() {
  const t = useTranslations('sessions')
  const formats = useFormats()
  const [, go] = useLocation()
  const { values, set } = useFilters(['user'])
  const list = useList('conversationList', values.user === undefined ? {} : { user_id: values.user })
  const columns: readonly Column<ItemOf<'conversationList'>>[] = [
    { id: 'session', header: t('session'), width: 190, cell: ({ session_id }) => session_id },
    { id: 'user', header: t('user'), width: 120, cell: ({ user_id }) => user_id },
    {
      id: 'intent',
      header: t('intent'),
      width: 150,
      cell: ({ current_intent }) => current_intent ?? '–',
    },
    { id: 'turns', header: t('turns'), align: 'end', width: 70, cell: ({ turns }) => formats.count(turns) },
    { id: 'state', header: t('state'), width: 90, wideOnly: true, cell: ({ status }) => t(status) },
    {
      id: 'last',
      header: t('last'),
      width: 120,
      wideOnly: true,
      cell: ({ updated_at }) => formats.time(updated_at),
    },
    {
      id: 'life',
      header: t('life'),
      width: 120,
      wideOnly: true,
      cell: ({ expires_at }) => formats.ago(expires_at),
    },
  ]
  return (
    <>
      <PageHead title={t('conversations')} about={t('conversationsAbout')} />
      <FilterBar
        label={t('ofUser')}
        value={values.user ?? ''}
        action={t('look')}
        onSend={(user) => set({ user })}
      />
      <Listing
        caption={t('conversations')}
        list={list}
        columns={columns}
        keyOf={({ session_id }) => session_id}
        onOpen={({ session_id }) =>
          go(`/sessions/conversations?${new URLSearchParams({ session: session_id }).toString()}`)
        }
        empty={<Empty title={t('noConversations')} about={t('noConversationsAbout')} />}
      />
    </>
  )
}
