import { type LiveEvent, liveEventTypes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useIsLive, useLiveEvents } from '../service/use-live.ts'
import { Empty } from '../states/states.tsx'
import styles from './happenings.module.css'

/** All but hits, which would leave no room for the others. */
const types = liveEventTypes.filter((type) => type !== 'hit')
type Shown = Extract<LiveEvent, { readonly type: (typeof types)[number] }>

const tones: Readonly<Record<Shown['type'], Tone>> = {
  miss: 'plain',
  load: 'warn',
  invalidate: 'accent',
  upgrade: 'good',
  tier: 'bad',
  background: 'plain',
  task: 'plain',
  alarm: 'bad',
  operation: 'accent',
}

function isShown(event: LiveEvent): event is Shown {
  return types.some((type) => type === event.type)
}

/** What an event is about, and how long it took in seconds where it says so. */
function sayEvent(event: Shown): { readonly text: string; readonly seconds?: number | null } {
  switch (event.type) {
    case 'miss':
      return { text: event.data.key }
    case 'load':
      return { text: `${event.data.key} ${event.data.error ?? ''}`, seconds: event.data.seconds }
    case 'invalidate':
      return { text: [...event.data.keys, ...event.data.marks].join(', ') }
    case 'upgrade':
      return {
        text: `${event.data.key}: ${event.data.from.strategy} → ${event.data.to.strategy}`,
        seconds: event.data.seconds,
      }
    case 'tier':
      return { text: `${event.data.tier}: ${event.data.error}` }
    case 'background':
      return { text: `${event.data.task} ${event.data.outcome}`, seconds: event.data.seconds }
    case 'task':
      return { text: JSON.stringify(event.data).slice(0, 120) }
    case 'alarm':
      return { text: event.data.message }
    default:
      return {
        text: `${event.data.username ?? ''} ${event.data.action} ${event.data.target} ${event.data.result}`,
        seconds: event.data.seconds,
      }
  }
}

/** What happens in the cache and the service, as it happens. */
export function Happenings() {
  const t = useTranslations('overview')
  const formats = useFormats()
  const live = useIsLive()
  const events = useLiveEvents(types, 60).filter(isShown)
  return (
    <Part
      title={t('happens')}
      more={<Badge tone={live ? 'good' : 'warn'}>{live ? t('live') : t('notLive')}</Badge>}
    >
      {events.length === 0 ? (
        <Empty title={t('nothingYet')} about={t('nothingYetAbout')} />
      ) : (
        <ol className={styles.events} tabIndex={0} aria-label={t('happens')}>
          {events.map((event) => {
            const { text, seconds = null } = sayEvent(event)
            return (
              <li key={event.id}>
                <time dateTime={event.at}>{formats.time(event.at)}</time>
                <Badge tone={tones[event.type]}>{t(event.type)}</Badge>
                <span className={styles.text} title={text}>
                  {text}
                </span>
                <span className={styles.took}>
                  {seconds === null ? '' : formats.duration(seconds * 1000)}
                </span>
              </li>
            )
          })}
        </ol>
      )}
    </Part>
  )
}
