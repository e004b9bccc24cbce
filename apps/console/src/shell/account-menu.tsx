import { ChevronDown, CircleUser } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { PasswordForm } from '../session/password-form.tsx'
import { logOut } from '../service/call.ts'
import { useSession } from '../session/use-session.ts'
import styles from './account-menu.module.css'
import { LanguageChoice, ThemeChoice } from './choices.tsx'

/** Language, theme, and the account with what its owner may do with it. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const t = useTranslations('shell')
  const { username, role } = useSession()
  const [changing, setChanging] = useState(false)
  return (
    <>
      <LanguageChoice />
      <ThemeChoice />
      <DropdownMenu.Root>
        <DropdownMenu.Trigger asChild>
          <Button kind="quiet" aria-label={t('account', { username })}>
            <CircleUser size={17} aria-hidden />
            <span className={styles.name}>{username}</span>
            <ChevronDown size={14} aria-hidden />
          </Button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6}>
            <DropdownMenu.Label className={styles.label}>
              {username} · {role}
            </DropdownMenu.Label>
            <DropdownMenu.Item className={styles.item} onSelect={() => setChanging(true)}>
              {t('changePassword')}
            </DropdownMenu.Item>
            <DropdownMenu.Item className={styles.item} onSelect={onShortcuts}>
              {t('shortcuts')}
            </DropdownMenu.Item>
            <DropdownMenu.Separator className={styles.line} />
            <DropdownMenu.Item className={styles.item} onSelect={() => void logOut()}>
              {t('logout')}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <Dialog title={t('changePassword')} open={changing} onClose={() => setChanging(false)}>
        <PasswordForm onDone={() => setChanging(false)} />
      </Dialog>
    </>
  )
}
