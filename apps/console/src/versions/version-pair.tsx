import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { SelectField } from '../controls/field.tsx'
import { Two } from '../figures/part.tsx'

/** Two versions side by side, of the settings or of a document: which two, how they differ, and the way back to the left one. */
export function VersionPair({
  options,
  left,
  right,
  onChoose,
  onRestore,
  onClose,
  difference,
  children,
}: {
  /** Every version by its number, with what is said of it. */
  readonly options: readonly (readonly [version: string, text: string])[]
  readonly left: number
  readonly right: number
  readonly onChoose: (left: number, right: number) => void
  /** Asks whether to roll back; left out where there is no way back. */
  readonly onRestore?: (() => void) | undefined
  readonly onClose: () => void
  readonly difference: ReactNode
  /** The question that `onRestore` asks. */
  readonly children: ReactNode
}) {
  const t = useTranslations('versions')
  return (
    <Dialog title={t('compare')} open onClose={onClose} shape="wide">
      <div className={dialog.stack}>
        <Two>
          <SelectField
            label={t('left')}
            value={String(left)}
            options={options}
            onChoose={(version) => onChoose(Number(version), right)}
          />
          <SelectField
            label={t('right')}
            value={String(right)}
            options={options}
            onChoose={(version) => onChoose(left, Number(version))}
          />
        </Two>
        {difference}
        {onRestore !== undefined && (
          <div className={dialog.foot}>
            <Button kind="danger" onClick={onRestore}>
              {t('restore', { version: String(left) })}
            </Button>
          </div>
        )}
      </div>
      {children}
    </Dialog>
  )
}
