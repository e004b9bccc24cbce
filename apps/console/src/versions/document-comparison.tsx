import { type DataOf, type Routes, roles } from '@reprise/api'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '../controls/confirm.tsx'
import { Differences, type Side } from '../figures/differences.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import type { ItemOf } from '../service/use-list.ts'
import { useAct, useRead } from '../service/use-service.ts'
import { useSession } from '../session/use-session.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import { VersionPair } from './version-pair.tsx'

/** The task that puts a document to use, and back what was in use when it will not do. */
const kind = 'config-apply'

/** Two versions of a document side by side; the way back is a task, which tests the left one before it stays. */
export function DocumentComparison({
  name,
  versions,
  left,
  right,
  onChoose,
  onClose,
}: {
  readonly name: string
  readonly versions: readonly ItemOf<'documentVersions'>[]
  readonly left: number
  readonly right: number
  readonly onChoose: (left: number, right: number) => void
  readonly onClose: () => void
}) {
  const t = useTranslations('versions')
  const formats = useFormats()
  const mayRestore = useMayApply()
  const [asking, setAsking] = useState(false)
  const read = (version: number) => ({ query: { name, version: String(version) } })
  const one = useRead('documentVersion', read(left))
  const other = useRead('documentVersion', read(right))
  const restore = useAct('taskSubmit', {
    changes: ['tasks', 'documents'],
    onDone: ({ task }) => {
      showDone(t('accepted', { version: String(left), id: task.task_id }))
      onClose()
    },
  })
  const side = ({ version, document }: DataOf<Routes['documentVersion']>): Side => ({
    title: t('named', { version: String(version) }),
    value: document,
  })
  const options = versions.map(({ version, in_use, saved_at, username }) => {
    const mark = in_use ? `${version} (${t('inUse')})` : String(version)
    return [String(version), [mark, formats.time(saved_at), username].join(' · ')] as const
  })
  const { data } = one
  return (
    <VersionPair
      options={options}
      left={left}
      right={right}
      onChoose={onChoose}
      onRestore={mayRestore && data?.in_use === false ? () => setAsking(true) : undefined}
      onClose={onClose}
      difference={
        <Reading from={one}>
          {(was) => (
            <Reading from={other}>{(is) => <Differences left={side(was)} right={side(is)} />}</Reading>
          )}
        </Reading>
      }
    >
      {data !== undefined && (
        <Confirm
          open={asking}
          title={t('restoreTitle', { version: String(left) })}
          about={t('applyAbout', { version: String(left) })}
          action={t('restore', { version: String(left) })}
          busy={restore.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => restore.mutate({ body: { kind, input: { name, document: data.document } } })}
        />
      )}
    </VersionPair>
  )
}

/** Whether the session may submit the task. */
function useMayApply(): boolean {
  const may = useMay()
  const { role } = useSession()
  const kinds = useRead('taskKinds', {}, { enabled: may('taskSubmit') })
  const apply = kinds.data?.kinds.find((one) => one.kind === kind)
  return apply !== undefined && roles.indexOf(role) >= roles.indexOf(apply.role)
}
