import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ApiError } from '@reprise/api'
import { useEffect, useState } from 'react'
import { IntlProvider } from 'use-intl'
import { Router } from 'wouter'
import { Login } from '../session/login.tsx'
import { NewPassword } from '../session/new-password.tsx'
import { useSessionState } from '../session/use-session.ts'
import { storedLanguage } from '../words/language.ts'
import { messages } from '../words/messages.ts'
import { Frame } from './frame.tsx'
import { Notices } from './notices.tsx'
import { useTheme } from './theme.ts'

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the service refused it refuses again; what did not reach it is tried once more.
        retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status === 0,
      },
    },
  })
}

/** The console: the login, or a page in its frame. */
export function App() {
  const language = storedLanguage.use()
  useTheme()
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <IntlProvider locale={language} messages={messages[language]} timeZone={timeZone}>
      <Router base="/console">
        <Entrance />
        <Notices />
      </Router>
    </IntlProvider>
  )
}

// What is asked for without a session is given after the login, at the same address. Nobody sees what another read.
function Entrance() {
  const { session } = useSessionState()
  if (session === undefined) return <Login />
  if (session.mustChangePassword) return <NewPassword />
  return <Inside key={session.username} />
}

function Inside() {
  const [queries] = useState(createQueries)
  return (
    <QueryClientProvider client={queries}>
      <Frame />
    </QueryClientProvider>
  )
}
