import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { PageHead, Parts } from '../figures/part.tsx'
import { useMay } from '../service/may.ts'
import { useList } from '../service/use-list.ts'
import { Conversation } from './conversation.tsx'
import { Timeline } from './timeline.tsx'

/** At how many sites a timeline is looked for when none is named. */
const mostSites = 5

/** One session: what the assistant keeps of it, and its timeline at a site, or wherever it has one. */
export function SessionPage({
  session,
  site,
  scene,
}: {
  readonly session: string
  readonly site: string | undefined
  readonly scene: string
}) {
  const t = useTranslations('sessions')
  const may = useMay()
  const back = site === undefined ? '/sessions/conversations' : `/sessions?site=${encodeURIComponent(site)}`
  return (
    <>
      <p>
        <Link href={back}>← {t('back')}</Link>
      </p>
      <PageHead title={session} about={site === undefined ? t('ofAssistant') : `${site} ${scene}`} />
      <Parts>
        {may('conversationRead') && <Conversation session={session} wanted={site === undefined} />}
        {site !== undefined ? (
          <Timeline site={site} session={session} scene={scene} />
        ) : (
          may('timelineEvents') && <Timelines session={session} />
        )}
      </Parts>
    </>
  )
}

function Timelines({ session }: { readonly session: string }) {
  const sites = useList('timelineSites', {})
  return (sites.items ?? [])
    .slice(0, mostSites)
    .map(({ site }) => <Timeline key={site} site={site} session={session} scene="" empty={false} />)
}
