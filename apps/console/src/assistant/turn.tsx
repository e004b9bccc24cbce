import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { classes } from '../controls/classes.ts'
import { Loading } from '../states/states.tsx'
import styles from './assistant.module.css'
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
        <p className={classes(styles.bubble, styles.mine)}>
          <span className="unseen">{t('you')}: </span>
          {input}
        </p>
        {state === 'waiting' && <Loading lines={2} />}
        {state === 'failed' && (
          <p className={classes(styles.bubble, styles.wrong)} role="alert">
            {t('failed', { reason: reason ?? '' })}
          </p>
        )}
        {reply !== undefined && (
          <>
            <p className={styles.bubble}>
              <span className="unseen">{t('it')}: </span>
              {reply.response}
            </p>
            <div className={styles.facts}>
              {reply.intent !== null && (
                <Badge tone="accent">
                  {reply.intent} {Math.round(reply.confidence * 100)}%
                </Badge>
              )}
              {Object.entries(reply.slots).map(([name, value]) => (
                <Badge key={name}>
                  {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
                </Badge>
              ))}
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
