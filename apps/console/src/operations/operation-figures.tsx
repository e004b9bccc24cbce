import type { DataOf, Routes } from '@reprise/api'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Card, Cards } from '../figures/card.tsx'
import { Hours } from '../figures/hours.tsx'
import { Part, Two } from '../figures/part.tsx'
import { Shares } from '../figures/shares.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { Reading } from '../states/reading.tsx'

/** How many operations there were: by result, type and hour. */
export function OperationFigures({
  from,
}: {
  readonly from: UseQueryResult<DataOf<Routes['operationStatistics']>>
}) {
  const t = useTranslations('operations')
  const formats = useFormats()
  return (
    <Reading from={from} lines={3}>
      {({ total, success_rate, by_result, by_type, by_hour }) => (
        <>
          <Cards>
            <Card name={t('total')} value={formats.count(total)} />
            <Card name={t('rate')} value={formats.share(success_rate)} />
            <Card name={t('failed')} value={formats.count(by_result.failed)} />
            <Card name={t('refused')} value={formats.count(by_result.refused)} />
          </Cards>
          {total > 0 && (
            <Two>
              <Part title={t('byHour')}>
                <Hours label={t('byHour')} bars={by_hour.map(({ hour, count }) => ({ name: hour, count }))} />
              </Part>
              <Part title={t('byType')}>
                <Shares
                  rows={by_type.slice(0, 6).map(({ type, count }) => ({
                    name: type,
                    value: count,
                    text: formats.count(count),
                  }))}
                />
              </Part>
            </Two>
          )}
        </>
      )}
    </Reading>
  )
}
