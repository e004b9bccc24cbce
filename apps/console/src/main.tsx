import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import './tokens.css'
import './base.css'
import { App } from './shell/app.tsx'
import { applyTheme, storedTheme } from './shell/theme.ts'

// The content policy allows no code made of text, which zod would otherwise try.
z.config({ jitless: true })
// It allows one style element, which the dialogs write while they are open.
setNonce(document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '')

applyTheme(storedTheme.now())
const root = document.querySelector('#root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
