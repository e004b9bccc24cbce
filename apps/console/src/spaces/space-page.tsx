import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { Badge } from '../controls/badge.tsx'
import { Card, Cards } from '../figures/card.tsx'
import { Facts } from '../figures/facts.tsx'
import { PageHead, Part, Parts, Two } from '../figures/part.tsx'
import { Shares } from '../figures/shares.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { LastHour } from '../history/last-hour.tsx'
import { useHistory } from '../history/use-history.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import { adviceTones, useReason } from './advice.ts'

type Reply = DataOf<Routes['spaceRead']>

/** One space: how it does, its policy, what is advised and what is hot. */
export function SpacePage({ name }: { readonly name: string }) {
  const t = useTranslations('spaces')
  const reply = useRead('spaceRead', { params: { space: name } }, { every: 2000 })
  return (
    <>
      <p>
        <Link href="/spaces">← {t('back')}</Link>
      </p>
      <PageHead title={name} about={reply.data?.space.template}>
        <Link href={`/entries?space=${encodeURIComponent(name)}`}>{t('seeEntries')}</Link>
      </PageHead>
      <Reading from={reply}>{(data) => <Body reply={data} />}</Reading>
    </>
  )
}

function Body({ reply: { space, advice } }: { readonly reply: Reply }) {
  const t = useTranslations('spaces')
  const formats = useFormats()
  const history = useHistory(space.space)
  const reason = useReason(advice)
  const reads = space.hits + space.misses
  const length = (seconds: number): string | undefined =>
    seconds === 0 ? undefined : formats.duration(seconds * 1000)
  return (
    <Parts>
      <Cards>
        <Card
          name={t('hitRate')}
          value={formats.share(reads === 0 ? undefined : space.hit_rate)}
          more={`${t('reads')} ${formats.count(reads)}`}
        />
        <Card
          name={t('loads')}
          value={formats.count(space.loads)}
          more={`${t('shared')} ${formats.count(space.coalesced)} · ${t('failures')} ${formats.count(space.load_failures)}`}
        />
        <Card
          name={t('loadTime')}
          value={space.mean_load_seconds === null ? '–' : formats.duration(space.mean_load_seconds * 1000)}
        />
        <Card
          name={t('entries')}
          value={formats.count(space.entries)}
          more={`${formats.bytes(space.bytes)} · ${t('inMemory')} ${formats.count(space.memory_entries)}`}
        />
      </Cards>
      <LastHour rows={history} space />
      <Two>
        <Part title={t('policy')} more={<Badge tone={adviceTones[advice.advice]}>{t(advice.advice)}</Badge>}>
          <Facts
            facts={[
              [t('ttl'), space.ttl_seconds === null ? space.ttl : formats.duration(space.ttl_seconds * 1000)],
              [t('advice'), reason],
              [t('stale'), length(space.stale_while_revalidate_seconds)],
              [t('fallback'), length(space.stale_if_error_seconds)],
              [t('consistency'), space.consistency],
              [t('format'), space.format],
              [t('secret'), space.secret ? t('yes') : t('no')],
              [t('tenant'), space.tenant_param ?? undefined],
              [t('tiers'), space.tiers.join(', ')],
              [t('writes'), formats.count(space.sets)],
              [t('deletes'), formats.count(space.deletes)],
              [t('stales'), formats.count(space.stale_serves)],
              [t('errors'), formats.count(space.errors)],
              [t('avoided'), space.avoided_cost === 0 ? undefined : formats.count(space.avoided_cost)],
            ]}
          />
        </Part>
        <HotKeys space={space.space} />
      </Two>
    </Parts>
  )
}

function HotKeys({ space }: { readonly space: string }) {
  const t = useTranslations('spaces')
  const formats = useFormats()
  const hot = useRead('hotKeys', { query: { limit: 256 } }, { every: 5000 })
  return (
    <Part title={t('hot')}>
      <Reading from={hot}>
        {({ items }) => {
          const own = items.filter((item) => item.space === space).slice(0, 10)
          if (own.length === 0) return <Empty title={t('noHot')} about={t('hotAbout')} />
          return (
            <Shares
              wideNames
              rows={own.map(({ key, reads, share }) => ({
                name: key.slice(key.indexOf(':') + 1),
                value: reads,
                text: formats.count(reads),
                more: formats.share(share),
              }))}
            />
          )
        }}
      </Reading>
    </Part>
  )
}
