import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { SelectField } from '../controls/field.tsx'
import { useFilters } from '../controls/filters.tsx'
import { PageHead, Parts } from '../figures/part.tsx'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useRead } from '../service/use-service.ts'
import { Empty, Failed, Loading } from '../states/states.tsx'
import { Board } from './board.tsx'
import { History } from './history.tsx'
import { Retention } from './retention.tsx'

/** The durable results of a site: a board of their states, the history of each target, and what is kept. */
export default function Results() {
  const t = useTranslations('results')
  const shell = useTranslations('shell')
  const { values, set } = useFilters(['site', 'type'])
  const [open, setOpen] = useState<ItemOf<'resultList'>>()
  const sites = useList('resultSites', {})
  const first = sites.items?.[0]?.site
  const site = values.site ?? first
  const shelves = useRead('resultShelves', { query: { site } }, { enabled: site !== undefined, every: 5000 })
  if (sites.items === undefined) {
    return sites.error === null ? <Loading /> : <Failed error={sites.error} onRetry={sites.again} />
  }
  const types = shelves.data?.shelves.map(({ type }) => type) ?? []
  return (
    <>
      <PageHead title={shell('results')} about={t('about')}>
        {site !== undefined && (
          <>
            <SelectField
              label={t('site')}
              hideLabel
              value={site}
              options={sites.items.map((one) => [one.site, one.site])}
              onChoose={(next) => set({ site: next, type: '' })}
            />
            <SelectField
              label={t('type')}
              hideLabel
              value={values.type ?? ''}
              options={[['', t('anyType')], ...types.map((type) => [type, type] as const)]}
              onChoose={(type) => set({ type })}
            />
          </>
        )}
      </PageHead>
      {site === undefined ? (
        <Empty title={t('none')} about={t('noneAbout')} />
      ) : (
        <Parts>
          <Board site={site} type={values.type} shelves={shelves.data?.shelves ?? []} onOpen={setOpen} />
          <Retention site={site} from={shelves} />
        </Parts>
      )}
      {open !== undefined && <History result={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}
