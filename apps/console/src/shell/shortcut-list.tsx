import { useTranslations } from 'use-intl'
import { Dialog } from '../controls/dialog.tsx'
import { Keys } from './keys.tsx'
import { usePages } from './pages.ts'
import styles from './shortcut-list.module.css'

/** Every shortcut there is. */
export function ShortcutList({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useTranslations('shell')
  const pages = usePages()
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [t('shortcutPalette'), ['Ctrl', 'K']],
    [t('shortcutHelp'), ['?']],
    [t('shortcutSearch'), ['/']],
    [t('shortcutRows'), ['↑', '↓', 'Enter']],
    ...pages.map(({ id, key }) => [t('shortcutGo', { page: t(id) }), ['g', key]] as const),
  ]
  return (
    <Dialog title={t('shortcuts')} open={open} onClose={onClose}>
      <ul className={styles.list}>
        {rows.map(([text, keys]) => (
          <li key={text}>
            <span>{text}</span>
            <span className="unseen">{keys.join(` ${t('keyThenKey')} `)}</span>
            <Keys keys={keys} />
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
