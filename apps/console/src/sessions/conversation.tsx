import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { Said, Understood } from '../assistant/said.tsx'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Facts } from '../figures/facts.tsx'
import { Part, Two } from '../figures/part.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import styles from './conversation.module.css'

type Whole = DataOf<Routes['conversationRead']>
type Frame = NonNullable<Whole['stack']>['frames'][number]
type Slot = Whole['slots']['values'][number]

const frameTones: Readonly<Record<Frame['status'], Tone>> = {
  active: 'accent',
  interrupted: 'warn',
  completed: 'good',
  expired: 'plain',
  failed: 'bad',
}
const slotTones: Readonly<Record<Slot['status'], Tone>> = {
  valid: 'good',
  invalid: 'bad',
  pending: 'plain',
  corrected: 'accent',
}

/** What the assistant keeps of a session: its stack, slots, turns and context. */
export function Conversation({ session }: { readonly session: string }) {
  const read = useRead('conversationRead', { params: { session_id: session } }, { every: 5000 })
  return <Reading from={read}>{(whole) => <Parts whole={whole} />}</Reading>
}

function Parts({ whole: { conversation, context, stack, slots, history, keys } }: { readonly whole: Whole }) {
  const t = useTranslations('sessions')
  const formats = useFormats()
  return (
    <>
      <Two>
        <Part title={t('stack')} more={stack === null ? null : `${stack.frames.length} / ${stack.most}`}>
          {stack === null || stack.frames.length === 0 ? (
            <Empty title={t('noStack')} />
          ) : (
            <ol className={styles.stack}>
              {stack.frames.toReversed().map((frame) => (
                <FrameCard key={frame.pushed_at + frame.intent} frame={frame} />
              ))}
            </ol>
          )}
        </Part>
        <Part title={t('conversation')}>
          <Facts
            facts={[
              [t('user'), conversation.user_id],
              [t('state'), t(conversation.status)],
              [t('intent'), conversation.current_intent],
              [t('turns'), formats.count(conversation.turns)],
              [t('began'), formats.time(conversation.created_at)],
              [t('last'), formats.time(conversation.updated_at)],
              [t('life'), formats.ago(conversation.expires_at)],
              [
                t('entries'),
                <span key="entries" className={styles.keys}>
                  {keys.map((key) => (
                    <Link key={key} href={`/entries?${new URLSearchParams({ key }).toString()}`}>
                      {key}
                    </Link>
                  ))}
                </span>,
              ],
            ]}
          />
        </Part>
      </Two>
      <Part
        title={t('slots')}
        more={t('filled', { filled: String(slots.filled), missing: String(slots.missing) })}
      >
        <Slots values={slots.values} />
      </Part>
      <Part title={t('history')}>
        <Turns history={history} />
      </Part>
      {context !== null && (
        <Part title={t('context')}>
          <Tree value={context} label={t('context')} />
        </Part>
      )}
    </>
  )
}

function FrameCard({ frame }: { readonly frame: Frame }) {
  const t = useTranslations('sessions')
  const formats = useFormats()
  return (
    <li className={styles.frame}>
      <p className={styles.head}>
        <strong>{frame.intent}</strong>
        <Badge tone={frameTones[frame.status]}>{t(frame.status)}</Badge>
        <span className={styles.soft}>
          {formats.share(frame.confidence)} · {frame.completion} · {formats.time(frame.updated_at)}
        </span>
      </p>
      <p className={styles.badges}>
        <Understood intent={null} confidence={null} slots={frame.slots} />
      </p>
    </li>
  )
}

function Slots({ values }: { readonly values: readonly Slot[] }) {
  const t = useTranslations('sessions')
  const formats = useFormats()
  const columns: readonly Column<Slot>[] = [
    { id: 'slot', header: t('slot'), width: 150, cell: ({ slot }) => slot },
    {
      id: 'value',
      header: t('value'),
      width: 150,
      cell: ({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)),
    },
    { id: 'said', header: t('said'), width: 130, cell: ({ said }) => said },
    {
      id: 'status',
      header: t('state'),
      width: 110,
      cell: ({ status, confirmed }) => (
        <Badge tone={slotTones[status]}>{confirmed ? t('confirmed') : t(status)}</Badge>
      ),
    },
    {
      id: 'confidence',
      header: t('confidence'),
      align: 'end',
      width: 90,
      cell: ({ confidence }) => formats.share(confidence),
    },
    { id: 'method', header: t('method'), width: 110, wideOnly: true, cell: ({ method }) => method },
  ]
  if (values.length === 0) return <Empty title={t('noSlots')} />
  return <DataTable caption={t('slots')} columns={columns} rows={values} keyOf={({ slot }) => slot} />
}

function Turns({ history }: { readonly history: Whole['history'] }) {
  const t = useTranslations('sessions')
  const formats = useFormats()
  if (history.length === 0) return <Empty title={t('noTurns')} />
  return (
    <ol className={styles.turns}>
      {history.map((turn) => (
        <li key={turn.turn} className={styles.turn}>
          <Said who="you" text={turn.said} />
          <Said who="it" text={turn.answered} />
          <div className={styles.badges}>
            <span className={styles.soft}>
              {t('turn', { turn: String(turn.turn) })} · {formats.time(turn.at)} ·{' '}
              {formats.duration(turn.milliseconds)} · {turn.response_type}
            </span>
            <Understood intent={turn.intent} confidence={turn.confidence} slots={turn.slots} />
          </div>
        </li>
      ))}
    </ol>
  )
}
