import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { Facts } from '../figures/facts.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useMay } from '../service/may.ts'
import { useAct, useRead } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import styles from './task-details.module.css'
import { type Task, TaskStatus } from './task-status.tsx'

/** One task: its steps as they go, what came of it, and ways to end it or try again. */
export function TaskDetails({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useTranslations('tasks')
  const read = useRead('task', { params: { task_id: id } }, { every: 1000 })
  return (
    <Dialog title={t('task', { id })} open onClose={onClose} shape="side">
      <Reading from={read}>{({ task }) => <Body task={task} />}</Reading>
    </Dialog>
  )
}

function Body({ task }: { readonly task: Task }) {
  const t = useTranslations('tasks')
  const formats = useFormats()
  const may = useMay()
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const cancel = useAct('taskCancel')
  const retry = useAct('taskRetry', { onDone: () => showDone(t('retried', { id: task.task_id })) })
  const { task_id, status, progress, batch_id } = task
  const time = (instant: string | null): string | undefined =>
    instant === null ? undefined : formats.time(instant)
  const living = status === 'pending' || status === 'delayed' || status === 'processing'
  return (
    <div className={dialog.stack}>
      <Facts
        facts={[
          [t('kind'), task.kind],
          [t('user'), task.username],
          [t('status'), <TaskStatus key="status" task={task} now={now} />],
          [t('tries'), t('tries2', { tries: String(task.tries), most: String(task.max_tries) })],
          [t('created'), time(task.created_at)],
          [t('started'), time(task.started_at)],
          [t('due'), time(task.due_at)],
          [t('ended'), time(task.ended_at)],
          [
            t('progress'),
            progress === null
              ? undefined
              : `${formats.count(progress.done)}${progress.total === null ? '' : ` / ${formats.count(progress.total)}`}`,
          ],
          [t('message'), progress?.message ?? undefined],
          [t('error'), task.error ?? undefined],
        ]}
      />
      {progress !== null && progress.steps.length > 0 && (
        <>
          <h3>{t('steps')}</h3>
          <ol className={styles.steps}>
            {progress.steps.map(({ name, state, seconds, started_at }) => (
              <li key={started_at + name} className={state === 'done' ? undefined : styles[state]}>
                <span>{name}</span>
                <span>{seconds === undefined ? '…' : formats.duration(seconds * 1000)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      <h3>{t('input')}</h3>
      <Tree value={task.input} label={t('input')} />
      {task.result !== null && (
        <>
          <h3>{t('result')}</h3>
          <Tree value={task.result} label={t('result')} />
        </>
      )}
      {batch_id !== null && <Batch id={batch_id} />}
      <div className={dialog.foot}>
        {living && may('taskCancel') && (
          <Button kind="danger" disabled={task.cancel_requested} onClick={() => setAsking(true)}>
            {t('cancel')}
          </Button>
        )}
        {status === 'dead' && may('taskRetry') && (
          <Button
            kind="primary"
            disabled={retry.isPending}
            onClick={() => retry.mutate({ params: { task_id } })}
          >
            {t('retry')}
          </Button>
        )}
      </div>
      <Confirm
        open={asking}
        title={t('cancelTitle')}
        about={t('cancelAbout')}
        action={t('cancel')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          cancel.mutate({ params: { task_id } })
        }}
      />
    </div>
  )
}

function Batch({ id }: { readonly id: string }) {
  const t = useTranslations('tasks')
  const may = useMay()
  const read = useRead('taskBatch', { params: { batch_id: id } }, { every: 2000 })
  const cancel = useAct('taskBatchCancel')
  return (
    <Reading from={read} lines={1}>
      {({ batch: { total, counts } }) => (
        <div className={dialog.head}>
          <p>{t('ofBatch', { total: String(total), done: String(counts.completed) })}</p>
          {may('taskBatchCancel') && counts.pending + counts.delayed + counts.processing > 0 && (
            <Button small kind="danger" onClick={() => cancel.mutate({ params: { batch_id: id } })}>
              {t('cancelBatch')}
            </Button>
          )}
        </div>
      )}
    </Reading>
  )
}
