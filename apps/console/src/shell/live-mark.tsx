import { useTranslations } from 'use-intl'
import { Badge, Dot } from '../controls/badge.tsx'
import { useIsLive, useLiveChanges } from '../service/use-live.ts'

/** Keeps what is shown up to date, and says whether it is. */
export function LiveMark() {
  const t = useTranslations('shell')
  useLiveChanges()
  const live = useIsLive()
  if (!live) return null
  return (
    <Badge tone="good">
      <Dot />
      {t('live')}
    </Badge>
  )
}
