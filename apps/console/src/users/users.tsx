import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { Secret } from '../controls/secret.tsx'
import { PageHead, Parts } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { NewUser } from './new-user.tsx'
import type { OneTime } from './one-time.ts'
import { Programs } from './programs.tsx'
import { UserDialog } from './user-dialog.tsx'

type User = ItemOf<'users'>

/** The users with their roles, and the tokens of programs. */
export function Users() {
  const t = useTranslations('users')
  const formats = useFormats()
  const may = useMay()
  const [open, setOpen] = useState<User | 'new'>()
  const [once, setOnce] = useState<OneTime>()
  const list = useList('users', {})
  const columns: readonly Column<User>[] = [
    {
      id: 'name',
      header: t('name'),
      width: 150,
      sortBy: ({ username }) => username,
      cell: ({ username }) => username,
    },
    { id: 'role', header: t('role'), width: 100, sortBy: ({ role }) => role, cell: ({ role }) => role },
    {
      id: 'tenant',
      header: t('tenant'),
      width: 110,
      wideOnly: true,
      sortBy: ({ tenant }) => tenant,
      cell: ({ tenant }) => tenant ?? t('anyTenant'),
    },
    {
      id: 'state',
      header: t('state'),
      width: 140,
      cell: ({ is_active, must_change_password }) => (
        <Badge tone={!is_active ? 'bad' : must_change_password ? 'warn' : 'good'}>
          {!is_active ? t('inactive') : must_change_password ? t('once') : t('active')}
        </Badge>
      ),
    },
    {
      id: 'made',
      header: t('made'),
      width: 120,
      wideOnly: true,
      cell: ({ created_at }) => formats.time(created_at),
    },
    {
      id: 'login',
      header: t('login'),
      width: 120,
      wideOnly: true,
      cell: ({ last_login_at }) => (last_login_at === null ? t('never') : formats.time(last_login_at)),
    },
  ]
  return (
    <>
      <PageHead title={t('users')} about={t('usersAbout')}>
        {may('userCreate') && (
          <Button kind="primary" onClick={() => setOpen('new')}>
            {t('newUser')}
          </Button>
        )}
      </PageHead>
      <Parts>
        <Listing
          caption={t('users')}
          list={list}
          columns={columns}
          keyOf={({ id }) => id}
          onOpen={setOpen}
          height={420}
          empty={<Empty title={t('none')} />}
        />
        {may('apiTokens') && <Programs />}
      </Parts>
      {open === 'new' && <NewUser onOnce={setOnce} onClose={() => setOpen(undefined)} />}
      {open !== undefined && open !== 'new' && (
        <UserDialog user={open} onOnce={setOnce} onClose={() => setOpen(undefined)} />
      )}
      <Dialog title={t('password')} open={once !== undefined} onClose={() => setOnce(undefined)}>
        <div className={dialog.stack}>
          <p>{t('passwordAbout', { username: once?.username ?? '' })}</p>
          <Secret value={once?.password ?? ''} />
        </div>
      </Dialog>
    </>
  )
}
