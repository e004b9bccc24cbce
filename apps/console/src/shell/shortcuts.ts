import { useEffect } from 'react'
import type { Page } from './pages.ts'

/** Where shortcuts lead. */
export interface ShortcutTargets {
  readonly pages: readonly Page[]
  readonly go: (path: string) => void
  readonly onPalette: () => void
  readonly onHelp: () => void
}

/** How long after `g` the second key counts, in milliseconds. */
const patience = 1200

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
}

/** Listens to the keys of the whole console: Ctrl+K, `g` and a page's key, `/`, `?`; silent while somebody types or a dialog is open. */
export function useShortcuts({ pages, go, onPalette, onHelp }: ShortcutTargets): void {
  useEffect(() => {
    let since = -patience
    const listen = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        onPalette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('[role=dialog], [role=alertdialog]') !== null) return
      const page = pages.find(({ key }) => key === event.key)
      if (event.timeStamp - since < patience && page !== undefined) {
        event.preventDefault()
        go(page.path)
      } else if (event.key === '?') onHelp()
      else if (event.key === '/') {
        const search = document.querySelector<HTMLElement>('main input[type=search]')
        if (search === null) return
        event.preventDefault()
        search.focus()
      }
      since = event.key === 'g' ? event.timeStamp : -patience
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [pages, go, onPalette, onHelp])
}
