import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { SelectField } from '../controls/field.tsx'
import { useFilters } from '../controls/filters.tsx'
import { PageHead } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useList } from '../service/use-list.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import type { Version } from './version.ts'
import { VersionComparison } from './version-comparison.tsx'
import { WhatChanged } from './what-changed.tsx'

/** The category that people come for. */
const thresholds = 'system_thresholds'

/** The settings as they were after each change; two versions side by side; the way back to one. */
export function Versions() {
  const t = useTranslations('versions')
  const { values, set } = useFilters(['category'])
  const read = useRead('settingCategories')
  const names = (read.data?.categories ?? []).map(({ category }) => category)
  const category = values.category ?? (names.includes(thresholds) ? thresholds : names[0])
  return (
    <>
      <PageHead title={t('title')} about={t('about')}>
        {category !== undefined && (
          <SelectField
            label={t('category')}
            hideLabel
            value={category}
            options={(read.data?.categories ?? []).map((one) => [
              one.category,
              `${one.category} (${one.version})`,
            ])}
            onChoose={(next) => set({ category: next })}
          />
        )}
      </PageHead>
      <Reading from={read} lines={8}>
        {() =>
          category === undefined ? (
            <Empty title={t('none')} about={t('noneAbout')} />
          ) : (
            <VersionList key={category} category={category} />
          )
        }
      </Reading>
    </>
  )
}

function VersionList({ category }: { readonly category: string }) {
  const t = useTranslations('versions')
  const formats = useFormats()
  const { values, set } = useFilters(['version', 'against'])
  const list = useList('settingVersions', { category })
  const versions = list.items ?? []
  const numbered = (text: string | undefined): Version | undefined =>
    versions.find(({ version }) => String(version) === text)
  const [inUse, before] = versions
  const open = numbered(values.version)
  const against = numbered(values.against)
  // The change that was opened last is seen against what was before it, any other against what is in use.
  const left = open === inUse && against === undefined ? (before ?? open) : open
  const columns: readonly Column<Version>[] = [
    {
      id: 'version',
      header: t('version'),
      width: 110,
      cell: ({ version }) => (
        <>
          {version} {version === inUse?.version && <Badge tone="good">{t('inUse')}</Badge>}
        </>
      ),
    },
    { id: 'when', header: t('when'), width: 150, cell: ({ created_at }) => formats.time(created_at) },
    {
      id: 'who',
      header: t('who'),
      width: 90,
      wideOnly: true,
      cell: ({ operator_id }) =>
        operator_id ?? (
          <span title={t('outsideAbout')}>
            <Badge>{t('outside')}</Badge>
          </span>
        ),
    },
    {
      id: 'what',
      header: t('what'),
      width: 320,
      cell: (version) => (
        <WhatChanged version={version} before={versions.find((one) => one.version === version.version - 1)} />
      ),
    },
    {
      id: 'why',
      header: t('why'),
      width: 170,
      wideOnly: true,
      cell: ({ reason, restores }) => (
        <span title={reason}>
          {restores !== null && <Badge tone="accent">{t('restored', { version: String(restores) })}</Badge>}{' '}
          {reason}
        </span>
      ),
    },
  ]
  return (
    <>
      <Listing
        caption={t('title')}
        list={list}
        columns={columns}
        keyOf={({ version }) => String(version)}
        onOpen={({ version }) => set({ version: String(version) }, 'push')}
        empty={<Empty title={t('none')} about={t('noneAbout')} />}
      />
      {left !== undefined && inUse !== undefined && (
        <VersionComparison
          category={category}
          versions={versions}
          inUse={inUse}
          left={left}
          right={against ?? inUse}
          onChoose={(version, other) => set({ version: String(version), against: String(other) })}
          onClose={() => set({ version: '', against: '' })}
        />
      )}
    </>
  )
}
