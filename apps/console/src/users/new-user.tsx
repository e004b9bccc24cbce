import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { TextField } from '../controls/field.tsx'
import { useAct } from '../service/use-service.ts'
import type { OneTime } from './one-time.ts'
import { type Role, RoleField } from './role-field.tsx'

/** Makes a user with a password for one login. */
export function NewUser({
  onOnce,
  onClose,
}: {
  readonly onOnce: (once: OneTime) => void
  readonly onClose: () => void
}) {
  const t = useTranslations('users')
  const [username, setUsername] = useState('')
  const [tenant, setTenant] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const create = useAct('userCreate', {
    onDone: ({ user, one_time_password }) => {
      onClose()
      onOnce({ username: user.username, password: one_time_password })
    },
  })
  return (
    <Dialog title={t('newUser')} open onClose={onClose}>
      <form
        className={dialog.stack}
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate({ body: { username, role, ...(tenant === '' ? {} : { tenant }) } })
        }}
      >
        <TextField
          label={t('name')}
          value={username}
          required
          autoFocus
          autoComplete="off"
          onChange={(event) => setUsername(event.target.value)}
        />
        <RoleField value={role} onChoose={setRole} />
        <TextField
          label={t('tenant')}
          hint={t('optional')}
          value={tenant}
          onChange={(event) => setTenant(event.target.value)}
        />
        <div className={dialog.foot}>
          <Button kind="primary" type="submit" disabled={username === '' || create.isPending}>
            {t('make')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
