import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'

/** What is known of a key. */
export type Explanation = DataOf<Routes['entryExplain']>

/** What a read would do now, in the language of the page: the sentence that the service says in English (row F9). */
export function useSentence({ tiers, load, lease, failure }: Explanation): string {
  const t = useTranslations('entries')
  const formats = useFormats()
  const now = useNow().getTime()
  const inState = (wanted: Explanation['tiers'][number]['state']) =>
    tiers.find(({ state }) => state === wanted)

  const fresh = inState('fresh')
  if (fresh !== undefined) {
    const { tier, left_seconds: left } = fresh
    return left === null
      ? t('wouldServeEver', { tier })
      : t('wouldServe', { tier, time: formats.duration(left * 1000) })
  }
  const stale = inState('stale')
  if (stale !== undefined) return t('wouldRefresh', { tier: stale.tier })

  const fallback = inState('fallback') !== undefined
  const orExpired = (sentence: string): string => (fallback ? `${sentence} ${t('elseExpired')}` : sentence)
  if (load !== null) {
    const time = formats.duration(Math.max(0, now - Date.parse(load.started_at)))
    return orExpired(t('wouldShare', { time }))
  }
  if (lease !== null && !lease.own) {
    const holder = lease.holder === '' ? t('anotherProgram') : lease.holder
    return orExpired(t('wouldWait', { holder, time: formats.duration(lease.left_seconds * 1000) }))
  }
  if (failure !== null) {
    const time = formats.duration(Math.max(0, Date.parse(failure.until) - now))
    return fallback
      ? t('wouldSpare', { time })
      : t('wouldRefuse', { time, attempts: formats.count(failure.attempts) })
  }
  if (inState('invalidated') !== undefined) return orExpired(t('wouldLoadInvalidated'))
  return orExpired(inState('dead') === undefined ? t('wouldLoadAbsent') : t('wouldLoadDead'))
}
