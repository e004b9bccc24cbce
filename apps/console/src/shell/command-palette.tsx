import { Command } from 'cmdk'
import { Keyboard, Languages, LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useLocation } from 'wouter'
import { logOut } from '../service/call.ts'
import { storedLanguage } from '../words/language.ts'
import styles from './command-palette.module.css'
import { Keys } from './keys.tsx'
import { usePages } from './pages.ts'
import { storedTheme } from './theme.ts'

/** Every page and choice by its name; Ctrl+K opens it from anywhere. */
export function CommandPalette({
  open,
  onClose,
  onShortcuts,
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly onShortcuts: () => void
}) {
  const t = useTranslations('shell')
  const [, go] = useLocation()
  const pages = usePages()
  const run = (action: () => void) => () => {
    onClose()
    action()
  }
  const choices = [
    [Languages, 'English', () => storedLanguage.choose('en')],
    [Languages, '简体中文', () => storedLanguage.choose('zh-CN')],
    [Sun, `${t('theme')}: ${t('themeLight')}`, () => storedTheme.choose('light')],
    [Moon, `${t('theme')}: ${t('themeDark')}`, () => storedTheme.choose('dark')],
    [Monitor, `${t('theme')}: ${t('themeSystem')}`, () => storedTheme.choose('system')],
    [Keyboard, t('shortcuts'), onShortcuts],
    [LogOut, t('logout'), () => void logOut()],
  ] as const
  return (
    <Command.Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      label={t('palette')}
      contentClassName={styles.box ?? ''}
      overlayClassName={styles.shade ?? ''}
    >
      <Command.Input placeholder={t('search')} aria-label={t('search')} />
      <Command.List className={styles.list}>
        <Command.Empty>{t('paletteEmpty')}</Command.Empty>
        <Command.Group heading={t('pages')}>
          {pages.map(({ id, path, key, icon: Icon }) => (
            <Command.Item key={id} value={t(id)} keywords={[id]} onSelect={run(() => go(path))}>
              <Icon size={16} aria-hidden />
              <span>{t(id)}</span>
              <Keys keys={['g', key]} />
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading={t('choices')}>
          {choices.map(([Icon, text, action]) => (
            <Command.Item key={text} value={text} onSelect={run(action)}>
              <Icon size={16} aria-hidden />
              <span>{text}</span>
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  )
}
