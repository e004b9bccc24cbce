import { Component, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import styles from './states.module.css'

function Broken({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const t = useTranslations('states')
  return (
    <div className={styles.state} role="alert">
      <p className={styles.title}>{t('brokenTitle')}</p>
      <p className={styles.about}>{t('brokenAbout')}</p>
      <code className={styles.id}>{error.message}</code>
      <div className={styles.acts}>
        <Button onClick={onRetry}>{t('retry')}</Button>
      </div>
    </div>
  )
}

/** Keeps a page that breaks from taking the rest with it; another `place` is a new beginning. */
export class Boundary extends Component<
  { readonly place: string; readonly children: ReactNode },
  { readonly error?: Error; readonly place: string }
> {
  override state: { readonly error?: Error; readonly place: string } = { place: this.props.place }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  static getDerivedStateFromProps(props: { readonly place: string }, state: { readonly place: string }) {
    return props.place === state.place ? null : { place: props.place, error: undefined }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return <Broken error={error} onRetry={() => this.setState({ error: undefined as never })} />
  }
}
