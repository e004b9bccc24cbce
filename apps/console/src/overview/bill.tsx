import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Card, Cards } from '../figures/card.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'

type Totals = DataOf<Routes['ledger']>['totals']

const paid = ['spent', 'refreshed', 'upgraded', 'wasted'] as const
const saved = ['avoided', 'similar', 'coalesced'] as const

/** What models have cost, and what the cache saved, in money and tokens. */
export function Bill() {
  const t = useTranslations('overview')
  const ledger = useRead('ledger', {}, { every: 5_000 })
  return (
    <Part title={t('bill')}>
      <Reading from={ledger}>{({ totals }) => <Sums totals={totals} />}</Reading>
    </Part>
  )
}

function Sums({ totals }: { readonly totals: Totals }) {
  const t = useTranslations('overview')
  const formats = useFormats()
  const sum = (kinds: readonly (keyof Totals)[], of: (sums: Totals[keyof Totals]) => number): number =>
    kinds.reduce((total, kind) => total + of(totals[kind]), 0)
  const tokens = (kinds: readonly (keyof Totals)[]): string =>
    t('tokens', { tokens: formats.short(sum(kinds, (sums) => sums.input_tokens + sums.output_tokens)) })
  const unpriced = sum([...paid, ...saved], (sums) => sums.unpriced)
  return (
    <Cards>
      <Card name={t('spent')} value={formats.dollars(sum(paid, ({ cost }) => cost))} more={tokens(paid)} />
      <Card name={t('saved')} value={formats.dollars(sum(saved, ({ cost }) => cost))} more={tokens(saved)} />
      <Card
        name={t('callsPaid')}
        value={formats.count(sum(paid, ({ calls }) => calls))}
        more={t('wasted', { calls: formats.count(totals.wasted.calls) })}
      />
      <Card
        name={t('callsSaved')}
        value={formats.count(sum(saved, ({ calls }) => calls))}
        more={unpriced === 0 ? undefined : t('unpriced', { calls: formats.count(unpriced) })}
      />
    </Cards>
  )
}
