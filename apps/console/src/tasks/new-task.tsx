import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { SelectField, TextArea } from '../controls/field.tsx'
import { Tree } from '../figures/tree.tsx'
import { useAct, useRead } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'

interface Kind {
  readonly kind: string
  readonly summary: string
  readonly input: unknown
}

function objectIn(text: string): Record<string, never> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, never>)
      : undefined
  } catch {
    return undefined
  }
}

/** Has something done as a task. */
export function NewTask({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations('tasks')
  const kinds = useRead('taskKinds')
  return (
    <Dialog title={t('newTask')} open onClose={onClose}>
      <Reading from={kinds}>{(data) => <Form kinds={data.kinds} onClose={onClose} />}</Reading>
    </Dialog>
  )
}

function Form({ kinds, onClose }: { readonly kinds: readonly Kind[]; readonly onClose: () => void }) {
  const t = useTranslations('tasks')
  const [name, setName] = useState(kinds[0]?.kind ?? '')
  const [text, setText] = useState('{}')
  const [wrong, setWrong] = useState(false)
  const submit = useAct('taskSubmit', {
    onDone: ({ task }) => {
      showDone(t('submitted', { id: task.task_id }))
      onClose()
    },
  })
  const kind = kinds.find((one) => one.kind === name)
  return (
    <form
      className={dialog.stack}
      onSubmit={(event) => {
        event.preventDefault()
        const input = objectIn(text)
        setWrong(input === undefined)
        if (input !== undefined) submit.mutate({ body: { kind: name, input } })
      }}
    >
      <SelectField
        label={t('kind')}
        value={name}
        options={kinds.map((one) => [one.kind, one.kind])}
        onChoose={setName}
      />
      <p lang="en">{kind?.summary}</p>
      <TextArea
        label={t('input')}
        rows={4}
        spellCheck={false}
        value={text}
        problem={wrong ? t('notJson') : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      <Tree value={kind?.input} label={t('schema')} />
      <div className={dialog.foot}>
        <Button kind="primary" type="submit" disabled={name === '' || submit.isPending}>
          {t('submit')}
        </Button>
      </div>
    </form>
  )
}
