import { ApiError } from '@reprise/api'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { formText } from '../controls/form-text.ts'
import { call } from '../service/call.ts'
import { Entrance } from './entrance.tsx'
import styles from './entrance.module.css'
import { startSession } from './session.ts'
import { useSessionState } from './use-session.ts'

/** The login; it stands in for the page that was asked for, whose address stays. */
export function Login() {
  const t = useTranslations('session')
  const { why } = useSessionState()
  const [failure, setFailure] = useState<Error>()
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    document.title = `${t('login')} · Reprise`
  }, [t])

  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setFailure(undefined)
    try {
      const body = { username: formText(form, 'username'), password: formText(form, 'password') }
      startSession(await call('login', { body }))
    } catch (error) {
      setFailure(error as Error)
      setBusy(false)
    }
  }

  const status = failure instanceof ApiError ? failure.status : undefined
  const text = { 401: t('wrong'), 429: t('tooMany') }[status ?? 0] ?? failure?.message
  return (
    <Entrance title={t('title')} about={t('about')}>
      {why !== undefined && (
        <p className={styles.note} role="status">
          {t(why)}
        </p>
      )}
      <form className={styles.form} onSubmit={(event) => void send(event)}>
        <TextField label={t('username')} name="username" autoComplete="username" required autoFocus />
        <TextField
          label={t('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {text !== undefined && (
          <p className={styles.wrong} role="alert">
            {text}
          </p>
        )}
        <Button kind="primary" type="submit" disabled={busy}>
          {t('login')}
        </Button>
      </form>
    </Entrance>
  )
}
