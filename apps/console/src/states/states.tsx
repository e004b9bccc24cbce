import { ApiError } from '@reprise/api'
import { CircleSlash, CloudOff, Inbox, type LucideIcon, SearchX, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { Button } from '../controls/button.tsx'
import { useSession } from '../session/use-session.ts'
import styles from './states.module.css'

function State({
  icon: Icon,
  title,
  about,
  role,
  children,
}: {
  readonly icon: LucideIcon
  readonly title: string
  readonly about?: string | undefined
  readonly role?: 'alert' | 'status'
  readonly children?: ReactNode
}) {
  return (
    <div className={styles.state} role={role}>
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <p className={styles.title}>{title}</p>
      {about !== undefined && <p className={styles.about}>{about}</p>}
      {children}
    </div>
  )
}

/** There is nothing to show, and what would put something here. */
export function Empty({ title, about, children }: { title?: string; about?: string; children?: ReactNode }) {
  const t = useTranslations('states')
  return (
    <State icon={Inbox} title={title ?? t('emptyTitle')} about={about}>
      {children}
    </State>
  )
}

/** Something is on its way: lines in the shape of what will be there. */
export function Loading({ lines = 4 }: { readonly lines?: number }) {
  const t = useTranslations('states')
  return (
    <div className={styles.bones} role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={styles.bone} />
      ))}
    </div>
  )
}

/** Something could not be read: why, under which request, and a way to try again. */
export function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) {
  const t = useTranslations('states')
  if (error instanceof ApiError && error.status === 403) return <NotAllowed />
  const away = error instanceof ApiError && error.status === 0
  return (
    <State
      icon={away ? CloudOff : TriangleAlert}
      title={t('failedTitle')}
      about={away ? t('unreachable') : error.message}
      role="alert"
    >
      {error instanceof ApiError && error.request_id !== undefined && (
        <p className={styles.id}>
          {t('requestId')} <code>{error.request_id}</code>
        </p>
      )}
      {onRetry !== undefined && (
        <div className={styles.acts}>
          <Button onClick={onRetry}>{t('retry')}</Button>
        </div>
      )}
    </State>
  )
}

/** The role of the session does not reach what is here. */
export function NotAllowed() {
  const t = useTranslations('states')
  const { username, role } = useSession()
  return <State icon={CircleSlash} title={t('deniedTitle')} about={t('deniedAbout', { username, role })} />
}

/** There is no page at this address. */
export function Missing() {
  const t = useTranslations('states')
  return (
    <State icon={SearchX} title={t('missingTitle')} about={t('missingAbout')}>
      <Link href="/">{t('home')}</Link>
    </State>
  )
}
