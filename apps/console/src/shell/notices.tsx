import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from '../controls/button.tsx'
import { classes } from '../controls/classes.ts'
import { type Notice, dismissNotice, noticesNow, watchNotices } from './notices.ts'
import styles from './notices.module.css'

/** How long a notice of something done stays, in milliseconds. */
const stay = 5000

/** The notices, in a corner; a screen reader hears them. */
export function Notices() {
  const t = useTranslations('shell')
  const notices = useSyncExternalStore(watchNotices, noticesNow)
  return (
    <section className={styles.notices} aria-label={t('notices')} aria-live="polite">
      {notices.map((notice) => (
        <Item key={notice.id} notice={notice} />
      ))}
    </section>
  )
}

function Item({ notice: { id, kind, text, requestId } }: { readonly notice: Notice }) {
  const t = useTranslations('shell')
  useEffect(() => {
    if (kind === 'failure') return undefined
    const timer = setTimeout(() => dismissNotice(id), stay)
    return () => clearTimeout(timer)
  }, [id, kind])
  const Icon = kind === 'done' ? CircleCheck : TriangleAlert
  return (
    <div
      className={classes(styles.notice, kind === 'failure' && styles.failure)}
      role={kind === 'failure' ? 'alert' : 'status'}
    >
      <Icon size={16} aria-hidden />
      <span className={styles.text}>
        {text}
        {requestId !== undefined && <code className={styles.id}>{requestId}</code>}
      </span>
      <IconButton small label={t('dismiss')} onClick={() => dismissNotice(id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
