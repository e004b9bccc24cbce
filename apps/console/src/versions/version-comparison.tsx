import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '../controls/confirm.tsx'
import { TextField } from '../controls/field.tsx'
import { Differences, type Side } from '../figures/differences.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { useAct } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import type { Version } from './version.ts'
import { VersionPair } from './version-pair.tsx'

function changesBetween({ settings: one }: Version, { settings: other }: Version): number {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  return keys.filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key])).length
}

/** Two versions side by side, and the way back to the left one. */
export function VersionComparison({
  category,
  versions,
  inUse,
  left,
  right,
  onChoose,
  onClose,
}: {
  readonly category: string
  readonly versions: readonly Version[]
  readonly inUse: Version
  readonly left: Version
  readonly right: Version
  readonly onChoose: (left: number, right: number) => void
  readonly onClose: () => void
}) {
  const t = useTranslations('versions')
  const formats = useFormats()
  const may = useMay()
  const [asking, setAsking] = useState(false)
  const options = versions.map(({ version, created_at, operator_id }) => {
    const mark = version === inUse.version ? `${version} (${t('inUse')})` : String(version)
    return [
      String(version),
      [mark, formats.time(created_at), operator_id ?? t('outside')].join(' · '),
    ] as const
  })
  const side = ({ version, settings }: Version): Side => ({
    title: t('named', { version: String(version) }),
    value: Object.fromEntries(
      Object.entries(settings).flatMap(([key, { config_value, description }]) => [
        [key, config_value],
        [t('described', { key }), description],
      ]),
    ),
  })
  return (
    <VersionPair
      options={options}
      left={left.version}
      right={right.version}
      onChoose={onChoose}
      onRestore={may('settingRestore') && changesBetween(left, inUse) > 0 ? () => setAsking(true) : undefined}
      onClose={onClose}
      difference={<Differences left={side(left)} right={side(right)} />}
    >
      {asking && (
        <Restore
          category={category}
          version={left}
          inUse={inUse}
          onClose={() => setAsking(false)}
          onDone={onClose}
        />
      )}
    </VersionPair>
  )
}

function Restore({
  category,
  version,
  inUse,
  onClose,
  onDone,
}: {
  readonly category: string
  readonly version: Version
  readonly inUse: Version
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const t = useTranslations('versions')
  const [reason, setReason] = useState('')
  const restore = useAct('settingRestore', {
    onDone: ({ version: made }) => {
      showDone(t('done', { version: String(made.version), restores: String(version.version) }))
      onDone()
    },
  })
  const names = { version: String(version.version), next: String(inUse.version + 1) }
  return (
    <Confirm
      open
      title={t('restoreTitle', names)}
      about={t('restoreAbout', { ...names, count: changesBetween(version, inUse) })}
      action={t('restore', names)}
      busy={restore.isPending}
      onClose={onClose}
      onConfirm={() =>
        restore.mutate({
          body: {
            category,
            version: version.version,
            replaces: inUse.version,
            ...(reason === '' ? {} : { reason }),
          },
        })
      }
    >
      <div style={{ marginTop: 14 }}>
        <TextField label={t('reason')} value={reason} onChange={(event) => setReason(event.target.value)} />
      </div>
    </Confirm>
  )
}
