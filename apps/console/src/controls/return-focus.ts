import { useState } from 'react'

/**
 * Gives the focus back to where it was when a dialog opened, which has no trigger of its own. It is looked at while the
 * dialog is being drawn: a field in it may take the focus before anybody is told that it is open.
 */
export function useReturnFocus(open: boolean): { readonly onCloseAutoFocus: (event: Event) => void } {
  const [seen, setSeen] = useState<{ readonly open: boolean; readonly before: Element | null }>({
    open: false,
    before: null,
  })
  if (seen.open !== open) setSeen({ open, before: open ? document.activeElement : seen.before })
  return {
    onCloseAutoFocus(event) {
      event.preventDefault()
      const place = seen.before?.isConnected === true ? seen.before : document.querySelector('main')
      if (place instanceof HTMLElement) place.focus({ preventScroll: true })
    },
  }
}
