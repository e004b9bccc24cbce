import { useTranslations } from 'use-intl'
import { Dialog } from '../controls/dialog.tsx'
import { Differences, type Side } from '../figures/differences.tsx'
import type { ItemOf } from '../service/use-list.ts'

/** A result with its value. */
export interface Valued extends Pick<ItemOf<'resultList'>, 'id' | 'model' | 'strategy'> {
  readonly value: unknown
}

/** Two results side by side: only where they differ. */
export function Comparison({
  older,
  newer,
  onClose,
}: {
  readonly older: Valued
  readonly newer: Valued
  readonly onClose: () => void
}) {
  const t = useTranslations('results')
  const side = ({ id, model, strategy, value }: Valued): Side => ({
    title: `${t('before', { id: String(id) })} · ${model} · ${strategy}`,
    value,
  })
  return (
    <Dialog title={t('compare')} open onClose={onClose} shape="wide">
      <Differences left={side(older)} right={side(newer)} />
    </Dialog>
  )
}
