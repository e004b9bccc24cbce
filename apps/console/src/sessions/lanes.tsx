import { useTranslations } from 'use-intl'
import { useFormats } from '../figures/use-formats.ts'
import type { ItemOf } from '../service/use-list.ts'
import styles from './lanes.module.css'

type Event = ItemOf<'timelineEvents'>

/** Events over time, a lane for each category and resource; each event opens. */
export function Lanes({
  events,
  onOpen,
}: {
  readonly events: readonly Event[]
  readonly onOpen: (event: Event) => void
}) {
  const t = useTranslations('sessions')
  const formats = useFormats()
  const times = events.map(({ at }) => Date.parse(at))
  const first = Math.min(...times)
  const last = Math.max(...times)
  const place = (at: string): number =>
    last === first ? 50 : ((Date.parse(at) - first) / (last - first)) * 96 + 2
  const lanes = new Map<string, Event[]>()
  for (const event of events) {
    const name = `${event.category}\n${event.resource}`
    lanes.set(name, [...(lanes.get(name) ?? []), event])
  }
  return (
    <>
      <ul className={styles.lanes} aria-label={t('lanes')}>
        {[...lanes].map(([name, own]) => (
          <li key={name} className={styles.lane}>
            <span className={styles.name} title={name}>
              {own[0]?.category} <small>{own[0]?.resource}</small>
            </span>
            <span className={styles.track}>
              {own.map((event) => (
                <button
                  key={event.sequence}
                  type="button"
                  style={{ left: `${place(event.at)}%` }}
                  title={formats.time(event.at)}
                  aria-label={`${t('event', { sequence: String(event.sequence) })}: ${event.category}, ${formats.time(event.at)}`}
                  onClick={() => onOpen(event)}
                />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.axis}>
        <span>{formats.time(new Date(first).toISOString())}</span>
        <span>{formats.time(new Date(last).toISOString())}</span>
      </div>
    </>
  )
}
