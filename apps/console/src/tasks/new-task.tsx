import { ApiError, type DataOf, type Routes, roles } from '@reprise/api'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button, IconButton } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { SelectField, TextArea } from '../controls/field.tsx'
import { Tree } from '../figures/tree.tsx'
import { useAct, useRead } from '../service/use-service.ts'
import { useSession } from '../session/use-session.ts'
import { showDone, showFailure } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import styles from './new-task.module.css'
import { type Entry, type TaskRequest, inputOf, problemOf } from './task-order.ts'

type Kind = DataOf<Routes['taskKinds']>['kinds'][number]

/** The kinds of the service itself, whose summaries are in the language of the page. */
const ownKinds = [
  'cleanup',
  'clear',
  'config-apply',
  'export',
  'invalidate-many',
  'sync',
  'trim',
  'warm',
] as const

/** Has something done as a task, or several things as a batch, which is accepted whole or not at all. */
export function NewTask({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('tasks')
  const { role } = useSession()
  const kinds = useRead('taskKinds')
  return (
    <Dialog title={t('newTask')} open onClose={onClose}>
      <Reading from={kinds}>
        {(data) => (
          <Form
            kinds={data.kinds.filter((kind) => roles.indexOf(role) >= roles.indexOf(kind.role))}
            onClose={onClose}
          />
        )}
      </Reading>
    </Dialog>
  )
}

function Form({ kinds, onClose }: { readonly kinds: readonly Kind[]; readonly onClose: () => void }) {
  const t = useTranslations('tasks')
  const [entries, setEntries] = useState<readonly Entry[]>([
    { id: 1, kind: kinds[0]?.kind ?? '', text: '{}' },
  ])
  const [sent, setSent] = useState(false)
  const done = (text: string): void => {
    showDone(text)
    onClose()
  }
  const submit = useAct('taskSubmit', {
    quiet: true,
    onDone: ({ task }) => done(t('submitted', { id: task.task_id })),
  })
  const submitAll = useAct('taskBatchSubmit', {
    quiet: true,
    onDone: ({ batch }) => done(t('batchSubmitted', { count: batch.total })),
  })
  const alone = entries.length === 1
  const act = alone ? submit : submitAll
  const details = act.error instanceof ApiError ? act.error.details : []
  const failed = {
    // What names a field is told there.
    onError: (error: Error) => {
      if (!(error instanceof ApiError) || error.details.length === 0) showFailure(error)
    },
  }

  const change = (id: number, changed: Partial<Entry>): void => {
    act.reset()
    setEntries(entries.map((entry) => (entry.id === id ? { ...entry, ...changed } : entry)))
  }
  const send = (event: FormEvent): void => {
    event.preventDefault()
    setSent(true)
    const tasks = entries.flatMap((entry): TaskRequest[] => {
      const input = inputOf(entry)
      return input === undefined ? [] : [{ kind: entry.kind, input }]
    })
    const [first] = tasks
    if (first === undefined || tasks.length < entries.length) return
    if (alone) submit.mutate({ body: first }, failed)
    else submitAll.mutate({ body: { tasks } }, failed)
  }

  return (
    <form className={dialog.stack} onSubmit={send}>
      {entries.map((entry, index) => (
        <EntryFields
          key={entry.id}
          entry={entry}
          place={alone ? undefined : index + 1}
          kinds={kinds}
          problem={sent && inputOf(entry) === undefined ? t('notJson') : problemOf(details, { index, alone })}
          onChange={(changed) => change(entry.id, changed)}
          onRemove={() => {
            act.reset()
            setEntries(entries.filter(({ id }) => id !== entry.id))
          }}
        />
      ))}
      {!alone && <p className={styles.hint}>{t('batchAbout')}</p>}
      <div className={dialog.foot}>
        <Button
          onClick={() => {
            const last = entries.at(-1)
            if (last !== undefined) setEntries([...entries, { ...last, id: last.id + 1 }])
          }}
        >
          {t('another')}
        </Button>
        <Button kind="primary" type="submit" disabled={entries[0]?.kind === '' || act.isPending}>
          {alone ? t('submit') : t('submitBatch', { count: entries.length })}
        </Button>
      </div>
    </form>
  )
}

function EntryFields({
  entry,
  place,
  kinds,
  problem,
  onChange,
  onRemove,
}: {
  readonly entry: Entry
  /** From 1; undefined for one alone. */
  readonly place: number | undefined
  readonly kinds: readonly Kind[]
  readonly problem: string | undefined
  readonly onChange: (changed: Partial<Entry>) => void
  readonly onRemove: () => void
}) {
  const t = useTranslations('tasks')
  const kind = kinds.find((one) => one.kind === entry.kind)
  const known = ownKinds.find((one) => one === entry.kind)
  const fields = (
    <>
      <SelectField
        label={t('kind')}
        value={entry.kind}
        options={kinds.map((one) => [one.kind, one.kind])}
        onChoose={(name) => onChange({ kind: name })}
      />
      {known === undefined ? <p lang="en">{kind?.summary}</p> : <p>{t(`kind-${known}`)}</p>}
      <TextArea
        label={t('input')}
        rows={place === undefined ? 4 : 2}
        spellCheck={false}
        value={entry.text}
        problem={problem}
        onChange={(event) => onChange({ text: event.target.value })}
      />
    </>
  )
  if (place === undefined) {
    return (
      <>
        {fields}
        <Tree value={kind?.input} label={t('schema')} />
      </>
    )
  }
  return (
    <fieldset className={styles.entry}>
      <legend>{t('taskNumber', { number: String(place) })}</legend>
      {fields}
      <IconButton small label={t('removeEntry', { number: String(place) })} onClick={onRemove}>
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </fieldset>
  )
}
