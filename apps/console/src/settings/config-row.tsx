import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { TextArea, TextField } from '../controls/field.tsx'
import { useAct } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { type ConfigTable, type ConfigValues, valueText } from './config-table.ts'
import styles from './config-row.module.css'

function differences(before: ConfigValues, after: ConfigValues): ConfigValues {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  )
}

/** One row, to change or remove; without a row, a new one. */
export function ConfigRow({
  table,
  row,
  onClose,
}: {
  readonly table: ConfigTable
  readonly row: ConfigValues | undefined
  readonly onClose: () => void
}) {
  const t = useTranslations('settings')
  const id = row === undefined ? '' : valueText(row[table.key])
  const editable =
    row === undefined ? {} : Object.fromEntries(table.fields.map((name) => [name, row[name] ?? null]))
  const [text, setText] = useState(() => JSON.stringify(editable, null, 2))
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const [removing, setRemoving] = useState(false)
  const done = ({ invalidation }: { readonly invalidation: { readonly invalidation_id: string } }): void => {
    showDone(t('saved', { id: invalidation.invalidation_id }))
    onClose()
  }
  const create = useAct('configCreate', { onDone: done })
  const change = useAct('configChange', { onDone: done })
  const remove = useAct('configRemove', { onDone: done })
  const why = reason === '' ? {} : { reason }

  const save = (): void => {
    try {
      const given: unknown = JSON.parse(text)
      if (typeof given !== 'object' || given === null || Array.isArray(given))
        throw new TypeError(text.slice(0, 40))
      setProblem(undefined)
      const values = given as ConfigValues
      const params = { table: table.table, id }
      if (row === undefined) create.mutate({ params: { table: table.table }, body: { values, ...why } })
      else change.mutate({ params, body: { values: differences(row, values), ...why } })
    } catch (error) {
      setProblem(t('notJson', { reason: error instanceof Error ? error.message : String(error) }))
    }
  }

  return (
    <Dialog
      title={
        row === undefined ? t('newTitle', { table: table.table }) : t('edit', { id, table: table.table })
      }
      open
      onClose={onClose}
      shape="side"
    >
      <div className={dialog.stack}>
        <TextArea
          label={t('values')}
          hint={t('fieldsAre', { fields: table.fields.join(', ') })}
          problem={problem}
          rows={18}
          spellCheck={false}
          className={styles.code}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <TextField label={t('reason')} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className={dialog.foot}>
          {row !== undefined && (
            <Button kind="danger" onClick={() => setRemoving(true)}>
              {t('remove')}
            </Button>
          )}
          <Button kind="primary" disabled={create.isPending || change.isPending} onClick={save}>
            {t('save')}
          </Button>
        </div>
      </div>
      <Confirm
        open={removing}
        title={t('removeTitle', { id })}
        about={t('removeAbout')}
        action={t('remove')}
        busy={remove.isPending}
        onClose={() => setRemoving(false)}
        onConfirm={() => {
          setRemoving(false)
          remove.mutate({ params: { table: table.table, id }, query: why })
        }}
      />
    </Dialog>
  )
}
