import { Copy } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { showDone } from '../shell/notices.ts'
import { IconButton } from './button.tsx'
import styles from './secret.module.css'

/** A text that is shown once, to be copied: by the button where the browser lets a page do it. */
export function Secret({ value }: { readonly value: string }) {
  const t = useTranslations('states')
  return (
    <div className={styles.secret}>
      <code>{value}</code>
      {isSecureContext && (
        <IconButton
          small
          label={t('copy')}
          onClick={() => void navigator.clipboard.writeText(value).then(() => showDone(t('copied')))}
        >
          <Copy size={15} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
