import { Menu, Search } from 'lucide-react'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Link, Redirect, useLocation } from 'wouter'
import { IconButton } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Boundary } from '../states/boundary.tsx'
import { Loading, Missing } from '../states/states.tsx'
import { AccountMenu } from './account-menu.tsx'
import { CommandPalette } from './command-palette.tsx'
import styles from './frame.module.css'
import { Keys } from './keys.tsx'
import { LiveMark } from './live-mark.tsx'
import { pageAt, usePages } from './pages.ts'
import { ShortcutList } from './shortcut-list.tsx'
import { useShortcuts } from './shortcuts.ts'

/** What is around every page: the navigation, the commands and the account. */
export function Frame() {
  const t = useTranslations('shell')
  const [place, go] = useLocation()
  const pages = usePages()
  const [open, setOpen] = useState<'palette' | 'shortcuts' | 'menu' | undefined>()
  const page = pageAt(place, pages)
  const main = useRef<HTMLElement>(null)
  const close = (): void => setOpen(undefined)
  useShortcuts({ pages, go, onPalette: () => setOpen('palette'), onHelp: () => setOpen('shortcuts') })

  // A new page begins at its top, for the eye and for a screen reader.
  const first = useRef(true)
  const pageId = page?.id
  useEffect(() => {
    document.title = pageId === undefined ? 'Reprise' : `${t(pageId)} · Reprise`
    if (first.current) first.current = false
    else main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [pageId, t])

  const links = pages.map(({ id, path, icon: Icon }) => (
    <Link
      key={id}
      href={path}
      className={styles.link}
      aria-current={id === pageId ? 'page' : undefined}
      onClick={close}
    >
      <Icon size={17} strokeWidth={1.8} aria-hidden />
      {t(id)}
    </Link>
  ))
  const View = page?.view
  // Who may not see the overview begins with the first page that there is.
  const [home] = pages
  const nowhere = place === '/' && home !== undefined ? <Redirect to={home.path} replace /> : <Missing />

  return (
    <div className={styles.frame}>
      <a href="#main" className={styles.skip}>
        {t('skip')}
      </a>
      <div className={styles.side}>
        <div className={styles.brand}>
          <img src="/console/icon.svg" alt="" />
          Reprise
        </div>
        <nav className={styles.nav} aria-label={t('navigation')}>
          {links}
        </nav>
      </div>
      <div className={styles.body}>
        <header className={styles.top}>
          <IconButton label={t('openMenu')} className={styles.menuButton} onClick={() => setOpen('menu')}>
            <Menu size={18} aria-hidden />
          </IconButton>
          <button type="button" className={styles.find} onClick={() => setOpen('palette')}>
            <Search size={15} aria-hidden />
            <span>{t('search')}</span>
            <Keys keys={['Ctrl', 'K']} />
          </button>
          <div className={styles.space} />
          <LiveMark />
          <AccountMenu onShortcuts={() => setOpen('shortcuts')} />
        </header>
        <main id="main" ref={main} tabIndex={-1} className={styles.main}>
          <Boundary place={place}>
            <Suspense fallback={<Loading />}>{View === undefined ? nowhere : <View />}</Suspense>
          </Boundary>
        </main>
      </div>
      <Dialog title={t('menu')} open={open === 'menu'} onClose={close} shape="side">
        <nav className={styles.drawer} aria-label={t('navigation')}>
          {links}
        </nav>
      </Dialog>
      <CommandPalette open={open === 'palette'} onClose={close} onShortcuts={() => setOpen('shortcuts')} />
      <ShortcutList open={open === 'shortcuts'} onClose={close} />
    </div>
  )
}
