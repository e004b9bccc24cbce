import { useEffect } from 'react'
import { createStored } from './stored.ts'

/** Light, dark, or as the system has it. */
export type Theme = 'system' | 'light' | 'dark'

/** The theme that was chosen here. */
export const storedTheme = createStored<Theme>('reprise.theme', ['system', 'light', 'dark'], 'system')

/** Sets the theme of the page; the colours follow from `color-scheme`. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** Keeps the page in the chosen theme. */
export function useTheme(): Theme {
  const theme = storedTheme.use()
  useEffect(() => applyTheme(theme), [theme])
  return theme
}
