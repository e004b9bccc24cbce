import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import type { ItemOf } from '../service/use-list.ts'
import { useAct } from '../service/use-service.ts'
import { useSession } from '../session/use-session.ts'
import { showDone } from '../shell/notices.ts'
import type { OneTime } from './one-time.ts'
import { RoleField } from './role-field.tsx'

/** One user: another role, a new password, shut out or let in, removed. Nobody does harm to themselves here. */
export function UserDialog({
  user,
  onOnce,
  onClose,
}: {
  readonly user: ItemOf<'users'>
  readonly onOnce: (once: OneTime) => void
  readonly onClose: () => void
}) {
  const t = useTranslations('users')
  const own = useSession().username === user.username
  const [role, setRole] = useState(user.role)
  const [removing, setRemoving] = useState(false)
  const { username } = user
  const params = { user_id: user.id }
  const say = (text: string) => () => {
    showDone(text)
    onClose()
  }
  const change = useAct('userChange', { onDone: say(t('saved', { username })) })
  const end = useAct('userSessionsEnd', { onDone: say(t('ended', { username })) })
  const remove = useAct('userRemove', { onDone: say(t('removed', { username })) })
  const reset = useAct('userPassword', {
    onDone: ({ one_time_password }) => {
      onClose()
      onOnce({ username, password: one_time_password })
    },
  })
  return (
    <Dialog title={t('edit', { username })} open onClose={onClose}>
      <div className={dialog.stack}>
        <RoleField value={role} onChoose={setRole} />
        <div className={dialog.foot}>
          {!own && (
            <Button kind="danger" onClick={() => setRemoving(true)}>
              {t('remove')}
            </Button>
          )}
          {!own && (
            <Button
              kind={user.is_active ? 'danger' : 'plain'}
              onClick={() => change.mutate({ params, body: { is_active: !user.is_active } })}
            >
              {user.is_active ? t('shut') : t('let')}
            </Button>
          )}
          <Button onClick={() => end.mutate({ params })}>{t('end')}</Button>
          {!own && <Button onClick={() => reset.mutate({ params })}>{t('reset')}</Button>}
          <Button
            kind="primary"
            disabled={role === user.role || change.isPending}
            onClick={() => change.mutate({ params, body: { role } })}
          >
            {t('save')}
          </Button>
        </div>
      </div>
      <Confirm
        open={removing}
        title={t('removeTitle', { username })}
        about={t('removeAbout')}
        action={t('remove')}
        word={username}
        onClose={() => setRemoving(false)}
        onConfirm={() => {
          setRemoving(false)
          remove.mutate({ params })
        }}
      />
    </Dialog>
  )
}
