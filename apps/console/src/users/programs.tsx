import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { TextField } from '../controls/field.tsx'
import { Secret } from '../controls/secret.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useAct } from '../service/use-service.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { type Role, RoleField } from './role-field.tsx'

type Token = ItemOf<'apiTokens'>

/** The tokens of programs: made here, shown once, removed here. */
export function Programs() {
  const t = useTranslations('users')
  const formats = useFormats()
  const [making, setMaking] = useState(false)
  const [removing, setRemoving] = useState<Token>()
  const list = useList('apiTokens', {})
  const remove = useAct('apiTokenRemove')
  const columns: readonly Column<Token>[] = [
    { id: 'name', header: t('tokenName'), width: 180, cell: ({ name }) => name },
    { id: 'role', header: t('role'), width: 100, cell: ({ role }) => role },
    { id: 'by', header: t('by'), width: 110, wideOnly: true, cell: ({ created_by }) => created_by },
    { id: 'ends', header: t('ends'), width: 130, cell: ({ expires_at }) => formats.ago(expires_at) },
    {
      id: 'used',
      header: t('used'),
      width: 130,
      wideOnly: true,
      cell: ({ last_used_at }) => (last_used_at === null ? t('never') : formats.ago(last_used_at)),
    },
    {
      id: 'acts',
      header: t('actions'),
      align: 'end',
      width: 100,
      cell: (token) => (
        <Button small kind="danger" onClick={() => setRemoving(token)}>
          {t('remove')}
        </Button>
      ),
    },
  ]
  return (
    <Part title={t('programs')} more={<Button onClick={() => setMaking(true)}>{t('newToken')}</Button>}>
      <p style={{ marginBottom: 10 }}>{t('programsAbout')}</p>
      <Listing
        caption={t('programs')}
        list={list}
        columns={columns}
        keyOf={({ id }) => id}
        height={360}
        empty={<Empty title={t('noTokens')} />}
      />
      {making && <NewToken onClose={() => setMaking(false)} />}
      <Confirm
        open={removing !== undefined}
        title={t('removeToken', { name: removing?.name ?? '' })}
        about={t('removeTokenAbout')}
        action={t('remove')}
        onClose={() => setRemoving(undefined)}
        onConfirm={() => {
          if (removing !== undefined) remove.mutate({ params: { token_id: removing.id } })
          setRemoving(undefined)
        }}
      />
    </Part>
  )
}

function NewToken({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('users')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [days, setDays] = useState('90')
  const create = useAct('apiTokenCreate')
  return (
    <Dialog title={t('newToken')} open onClose={onClose}>
      {create.data === undefined ? (
        <form
          className={dialog.stack}
          onSubmit={(event) => {
            event.preventDefault()
            create.mutate({ body: { name, role, days: Number(days) } })
          }}
        >
          <TextField
            label={t('tokenName')}
            value={name}
            required
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
          <RoleField value={role} onChoose={setRole} />
          <TextField
            label={t('days')}
            type="number"
            min={1}
            max={3650}
            value={days}
            onChange={(event) => setDays(event.target.value)}
          />
          <div className={dialog.foot}>
            <Button kind="primary" type="submit" disabled={name === '' || create.isPending}>
              {t('makeToken')}
            </Button>
          </div>
        </form>
      ) : (
        <div className={dialog.stack}>
          <p>{t('tokenAbout')}</p>
          <Secret value={create.data.token} />
        </div>
      )}
    </Dialog>
  )
}
