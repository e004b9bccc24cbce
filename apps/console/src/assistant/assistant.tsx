import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { PageHead } from '../figures/part.tsx'
import { call } from '../service/call.ts'
import { useSession } from '../session/use-session.ts'
import { Empty } from '../states/states.tsx'
import styles from './assistant.module.css'
import { type Turn, TurnView } from './turn.tsx'

/** The conversation with the reference assistant. */
export default function Assistant() {
  const t = useTranslations('assistant')
  const names = useTranslations('shell')
  const { username } = useSession()
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const [user, setUser] = useState(username)
  const [text, setText] = useState('')
  const end = useRef<HTMLDivElement>(null)
  const session = turns.findLast(({ reply }) => reply !== undefined)?.reply?.session_id
  const busy = turns.at(-1)?.state === 'waiting'
  useEffect(() => {
    if (turns.length > 0) end.current?.scrollIntoView({ block: 'end', behavior: 'smooth' })
  }, [turns])

  const say = async (input: string): Promise<void> => {
    const id = turns.length
    const change = (to: Partial<Turn>): void =>
      setTurns((all) => all.map((turn) => (turn.id === id ? { ...turn, ...to } : turn)))
    setText('')
    setTurns([...turns, { id, input, state: 'waiting' }])
    try {
      const body = { user_id: user, input, ...(session === undefined ? {} : { session_id: session }) }
      change({ state: 'answered', reply: await call('chatInteract', { body }) })
    } catch (error) {
      change({ state: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
  }
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '' && !busy) void say(text.trim())
  }

  return (
    <>
      <PageHead title={names('assistant')} about={t('about')}>
        <TextField
          label={t('user')}
          hideLabel
          placeholder={t('user')}
          value={user}
          disabled={turns.length > 0}
          onChange={(event) => setUser(event.target.value)}
        />
        <Button disabled={turns.length === 0} onClick={() => setTurns([])}>
          {t('newSession')}
        </Button>
      </PageHead>
      {turns.length === 0 ? (
        <Empty title={t('none')} about={t('noneAbout')}>
          <div className={styles.tries}>
            {[t('tryOne'), t('tryTwo')].map((one) => (
              <Button key={one} onClick={() => void say(one)}>
                {one}
              </Button>
            ))}
          </div>
        </Empty>
      ) : (
        <div className={styles.talk} role="log" aria-label={names('assistant')}>
          {turns.map((turn) => (
            <TurnView key={turn.id} turn={turn} />
          ))}
        </div>
      )}
      <form className={styles.foot} onSubmit={send}>
        <TextField
          label={t('say')}
          hideLabel
          placeholder={t('placeholder')}
          autoComplete="off"
          value={text}
          maxLength={1000}
          onChange={(event) => setText(event.target.value)}
        />
        <Button kind="primary" type="submit" disabled={busy || text.trim() === '' || user === ''}>
          {t('send')}
        </Button>
      </form>
      <div ref={end} />
    </>
  )
}
