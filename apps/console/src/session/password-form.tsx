import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { formText } from '../controls/form-text.ts'
import { call } from '../service/call.ts'
import { showDone } from '../shell/notices.ts'
import styles from './entrance.module.css'
import { startSession } from './session.ts'

/** Sets the password of who is logged in; `once` when the one in use was good for one login, which needs no proof. */
export function PasswordForm({
  once = false,
  onDone,
}: {
  readonly once?: boolean
  readonly onDone?: () => void
}) {
  const t = useTranslations('session')
  const [failure, setFailure] = useState<string>()
  const [problem, setProblem] = useState<'tooShort' | 'different'>()
  const [busy, setBusy] = useState(false)

  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const next = formText(form, 'next')
    const wrong = next.length < 8 ? 'tooShort' : next === formText(form, 'again') ? undefined : 'different'
    setProblem(wrong)
    if (wrong !== undefined) return
    setBusy(true)
    setFailure(undefined)
    try {
      const current = once ? {} : { current_password: formText(form, 'current') }
      startSession(await call('changePassword', { body: { ...current, new_password: next } }))
      showDone(t('saved'))
      onDone?.()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }

  return (
    <form className={styles.form} noValidate onSubmit={(event) => void send(event)}>
      {!once && (
        <TextField
          label={t('current')}
          name="current"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
        />
      )}
      <TextField
        label={t('next')}
        name="next"
        type="password"
        autoComplete="new-password"
        hint={t('rule')}
        problem={problem === 'tooShort' ? t('tooShort') : undefined}
        autoFocus={once}
      />
      <TextField
        label={t('again')}
        name="again"
        type="password"
        autoComplete="new-password"
        problem={problem === 'different' ? t('different') : undefined}
      />
      {failure !== undefined && (
        <p className={styles.wrong} role="alert">
          {failure}
        </p>
      )}
      <Button kind="primary" type="submit" disabled={busy}>
        {t('save')}
      </Button>
    </form>
  )
}
