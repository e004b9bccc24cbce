import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { Badge } from '../controls/badge.tsx'
import { SelectField } from '../controls/field.tsx'
import { useFilters } from '../controls/filters.tsx'
import { PageHead } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { DocumentComparison } from './document-comparison.tsx'

/** The documents that the application works by, in their versions; two of them side by side; the way back to one (row B7). */
export function Documents() {
  const t = useTranslations('versions')
  const { values, set } = useFilters(['name'])
  const read = useRead('documentList')
  const documents = read.data?.documents ?? []
  const name = values.name ?? documents[0]?.name
  return (
    <>
      <PageHead title={t('documents')} about={t('documentsAbout')}>
        {name !== undefined && (
          <SelectField
            label={t('document')}
            hideLabel
            value={name}
            options={documents.map((one) => [one.name, `${one.name} (${one.version ?? '–'})`])}
            onChoose={(next) => set({ name: next })}
          />
        )}
      </PageHead>
      <Reading from={read} lines={8}>
        {() => name !== undefined && <DocumentVersions key={name} name={name} />}
      </Reading>
    </>
  )
}

function DocumentVersions({ name }: { readonly name: string }) {
  const t = useTranslations('versions')
  const formats = useFormats()
  const { values, set } = useFilters(['version', 'against'])
  const list = useList('documentVersions', { name })
  const versions = list.items ?? []
  const open = versions.find(({ version }) => String(version) === values.version)
  const inUse = versions.find((one) => one.in_use)
  // The version in use is seen against the one that it replaced, any other against the one in use.
  const other = open === inUse ? (inUse?.replaces ?? open?.version) : (inUse?.version ?? open?.version)
  const against = values.against === undefined ? other : Number(values.against)
  const columns: readonly Column<ItemOf<'documentVersions'>>[] = [
    {
      id: 'version',
      header: t('version'),
      width: 110,
      cell: ({ version, in_use }) => (
        <>
          {version} {in_use && <Badge tone="good">{t('inUse')}</Badge>}
        </>
      ),
    },
    { id: 'when', header: t('when'), width: 150, cell: ({ saved_at }) => formats.time(saved_at) },
    { id: 'who', header: t('who'), width: 120, cell: ({ username }) => username },
    { id: 'replaces', header: t('replaces'), width: 90, cell: ({ replaces }) => replaces ?? '–' },
    {
      id: 'task',
      header: t('task'),
      width: 290,
      wideOnly: true,
      cell: ({ task_id }) => (
        <Link
          href={`/tasks?${new URLSearchParams({ task: task_id }).toString()}`}
          onClick={(event) => event.stopPropagation()}
        >
          {task_id}
        </Link>
      ),
    },
  ]
  return (
    <>
      <Listing
        caption={t('documents')}
        list={list}
        columns={columns}
        keyOf={({ version }) => String(version)}
        onOpen={({ version }) => set({ version: String(version) }, 'push')}
        empty={<Empty title={t('noVersions')} about={t('noVersionsAbout')} />}
      />
      {open !== undefined && against !== undefined && (
        <DocumentComparison
          name={name}
          versions={versions}
          left={open.version}
          right={against}
          onChoose={(one, two) => set({ version: String(one), against: String(two) })}
          onClose={() => set({ version: '', against: '' })}
        />
      )}
    </>
  )
}
