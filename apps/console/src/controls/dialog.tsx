import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'
import styles from './dialog.module.css'
import { useReturnFocus } from './return-focus.ts'

/** A box over the page, or at its side; Escape and the cross close it, and the focus goes back to where it was. */
export function Dialog({
  title,
  open,
  onClose,
  shape = 'box',
  children,
}: {
  readonly title: string
  readonly open: boolean
  readonly onClose: () => void
  readonly shape?: 'box' | 'wide' | 'side'
  readonly children: ReactNode
}) {
  const t = useTranslations('states')
  const returnFocus = useReturnFocus(open)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles.shade} />
        <Radix.Content
          aria-describedby={undefined}
          {...returnFocus}
          className={shape === 'side' ? styles.side : classes(styles.box, shape === 'wide' && styles.wide)}
        >
          <div className={styles.head}>
            <Radix.Title className={styles.title}>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t('close')} small>
                <X size={16} aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
