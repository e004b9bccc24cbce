import { Languages, SunMoon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { IconButton } from '../controls/button.tsx'
import { storedLanguage } from '../words/language.ts'
import styles from './account-menu.module.css'
import { type Theme, storedTheme } from './theme.ts'

function Choice<Value extends string>({
  label,
  icon,
  value,
  options,
  onChoose,
}: {
  readonly label: string
  readonly icon: ReactNode
  readonly value: Value
  readonly options: readonly (readonly [Value, string])[]
  readonly onChoose: (value: Value) => void
}) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label={label}>{icon}</IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={6}>
          <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChoose(next as Value)}>
            {options.map(([one, text]) => (
              <DropdownMenu.RadioItem key={one} value={one} className={styles.item}>
                {text}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** The language, as a menu. */
export function LanguageChoice() {
  const t = useTranslations('shell')
  return (
    <Choice
      label={t('language')}
      icon={<Languages size={17} aria-hidden />}
      value={storedLanguage.use()}
      options={[
        ['en', 'English'],
        ['zh-CN', '简体中文'],
      ]}
      onChoose={storedLanguage.choose}
    />
  )
}

/** The theme, as a menu. */
export function ThemeChoice() {
  const t = useTranslations('shell')
  return (
    <Choice<Theme>
      label={t('theme')}
      icon={<SunMoon size={17} aria-hidden />}
      value={storedTheme.use()}
      options={[
        ['system', t('themeSystem')],
        ['light', t('themeLight')],
        ['dark', t('themeDark')],
      ]}
      onChoose={storedTheme.choose}
    />
  )
}
