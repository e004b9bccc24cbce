import { AlertDialog } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import styles from './dialog.module.css'
import { TextField } from './field.tsx'
import { useReturnFocus } from './return-focus.ts'

/** Asks before harm is done. */
export function Confirm({
  title,
  about,
  action,
  open,
  busy = false,
  word,
  onClose,
  onConfirm,
  children,
}: {
  readonly title: string
  readonly about: string
  /** What the button says that does it. */
  readonly action: string
  readonly open: boolean
  readonly busy?: boolean
  /** What has to be typed first, for the gravest harm. @default nothing */
  readonly word?: string
  readonly onClose: () => void
  readonly onConfirm: () => void
  readonly children?: ReactNode
}) {
  const t = useTranslations('states')
  const returnFocus = useReturnFocus(open)
  const [typed, setTyped] = useState('')
  const close = (): void => {
    setTyped('')
    onClose()
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={styles.shade} />
        <AlertDialog.Content className={styles.box} {...returnFocus}>
          <AlertDialog.Title className={styles.title}>{title}</AlertDialog.Title>
          <AlertDialog.Description className={styles.about}>{about}</AlertDialog.Description>
          {children}
          {word !== undefined && (
            <TextField
              label={t('typeToConfirm', { word })}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          <div className={styles.foot}>
            <AlertDialog.Cancel asChild>
              <Button>{t('cancel')}</Button>
            </AlertDialog.Cancel>
            <Button
              kind="harm"
              disabled={busy || (word !== undefined && typed !== word)}
              onClick={() => {
                setTyped('')
                onConfirm()
              }}
            >
              {action}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
