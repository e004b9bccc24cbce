import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Facts } from '../figures/facts.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import type { ItemOf } from '../service/use-list.ts'
import { resultTones } from './result-tones.ts'

/** One row of the log, whole. */
export function OperationDetails({
  operation,
  onClose,
}: {
  readonly operation: ItemOf<'operations'> | undefined
  readonly onClose: () => void
}) {
  const t = useTranslations('operations')
  const formats = useFormats()
  if (operation === undefined) return null
  const { position, at, username, action, target, result, status, error, duration_ms } = operation
  return (
    <Dialog title={t('row', { position: String(position) })} open onClose={onClose} shape="side">
      <Facts
        facts={[
          [t('when'), formats.time(at)],
          [t('user'), username ?? t('nobody')],
          [t('action'), action],
          [t('target'), target],
          [
            t('result'),
            <Badge key="result" tone={resultTones[result]}>
              {t(result)}
            </Badge>,
          ],
          [t('status'), status],
          [t('error'), error ?? undefined],
          [t('took'), duration_ms === null ? null : formats.duration(duration_ms)],
          [t('address'), operation.address],
          [t('request'), <code key="request">{operation.request_id}</code>],
          [t('hash'), <code key="hash">{operation.hash}</code>],
        ]}
      />
      <h3 style={{ margin: '14px 0 6px' }}>{t('details')}</h3>
      <Tree value={operation.details} label={t('details')} />
    </Dialog>
  )
}
