import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { classes } from '../controls/classes.ts'
import { Loading } from '../states/states.tsx'
import styles from './assistant.module.css'
import { Said, Understood } from './said.tsx'
import { Waterfall } from './waterfall.tsx'

/** One turn: what was said, and what came back. */
export interface Turn {
  readonly id: number
  readonly input: string
  readonly state: 'waiting' | 'answered' | 'failed'
  readonly reply?: DataOf<Routes['chatInteract']>
  readonly reason?: string
}

/** A turn with what the cache did for it beside it. */
export function TurnView({ turn: { input, state, reply, reason } }: { readonly turn: Turn }) {
  const t = useTranslations('assistant')
  return (
    <div className={styles.turn}>
      <div className={styles.words}>
        <Said who="you" text={input} />
        {state === 'waiting' && <Loading lines={2} />}
        {state === 'failed' && (
          <p className={classes(styles.bubble, styles.wrong)} role="alert">
            {t('failed', { reason: reason ?? '' })}
          </p>
        )}
        {reply !== undefined && (
          <>
            <Said who="it" text={reply.response} />
            <div className={styles.facts}>
              <Understood {...reply} />
              {(reply.missing_slots ?? []).map((name) => (
                <Badge key={name} tone="warn">
                  {t('missing')}: {name}
                </Badge>
              ))}
            </div>
          </>
        )}
      </div>
      {reply !== undefined && <Waterfall steps={reply.trace} />}
    </div>
  )
}
