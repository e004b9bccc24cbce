import { useTranslations } from 'use-intl'
import { Entrance } from './entrance.tsx'
import { PasswordForm } from './password-form.tsx'

/** Asks for a lasting password after a login with one that was good for once. */
export function NewPassword() {
  const t = useTranslations('session')
  return (
    <Entrance title={t('newTitle')} about={t('newAbout')}>
      <PasswordForm once />
    </Entrance>
  )
}
