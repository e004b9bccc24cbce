import { useTranslations } from 'use-intl'
import { differencesOf } from '../figures/difference.ts'
import { valueText } from '../settings/config-table.ts'
import type { Version } from './version.ts'

/** How many changes are told in a row of the table. */
const most = 2

/** What a version changed, in a line: the values before and after where the version before is known. */
export function WhatChanged({
  version: { version, changed, settings },
  before,
}: {
  readonly version: Version
  readonly before: Version | undefined
}) {
  const t = useTranslations('versions')
  if (version === 1) return t('installed', { count: changed.length })
  const changes = changed.flatMap((key) => {
    const was = before?.settings[key]?.config_value
    const found = differencesOf(was, settings[key]?.config_value, key)
    // Only what is said about it changed, or what it was is not known.
    if (before === undefined || found.length === 0) return [key]
    return found.map(({ path, left, right }) => `${path} ${valueText(left)} → ${valueText(right)}`)
  })
  const rest = changes.length - most
  return (
    <span title={changes.join('\n')}>
      {changes.slice(0, most).join(', ')} {rest > 0 && t('more', { count: String(rest) })}
    </span>
  )
}
