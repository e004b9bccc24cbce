import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { classes } from '../controls/classes.ts'
import styles from './assistant.module.css'

/** What somebody said to the assistant, or what it said. */
export function Said({ who, text }: { readonly who: 'you' | 'it'; readonly text: string }) {
  const t = useTranslations('assistant')
  return (
    <p className={classes(styles.bubble, who === 'you' && styles.mine)}>
      <span className="unseen">{t(who)}: </span>
      {text}
    </p>
  )
}

/** What was understood of a turn: the intent with how sure it is, and the slots that are filled. */
export function Understood({
  intent,
  confidence,
  slots,
}: {
  readonly intent: string | null
  readonly confidence: number | null
  readonly slots: Readonly<Record<string, unknown>>
}) {
  return (
    <>
      {intent !== null && (
        <Badge tone="accent">
          {intent} {confidence !== null && `${Math.round(confidence * 100)}%`}
        </Badge>
      )}
      {Object.entries(slots).map(([name, value]) => (
        <Badge key={name}>
          {name}: {typeof value === 'string' ? value : JSON.stringify(value)}
        </Badge>
      ))}
    </>
  )
}
