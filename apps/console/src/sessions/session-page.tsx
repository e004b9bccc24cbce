import { useTranslations } from 'use-intl'
import { Link } from 'wouter'
import { PageHead, Parts } from '../figures/part.tsx'
import { useMay } from '../service/may.ts'
import { useList } from '../service/use-list.ts'
import { Conversation } from './conversation.tsx'
import { Timeline } from './timeline.tsx'

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
      <PageHead
        title={session}
        about={
          site === undefined ? t('ofAssistant') : t('atSite', { site, scene: scene === '' ? '–' : scene })
        }
      />
      <Parts>
        {site === undefined ? (
          <>
            <Conversation session={session} />
            {may('timelineEvents') && <Timelines session={session} />}
          </>
        ) : (
          <>
            {may('conversationRead') && <ConversationOf session={session} />}
            <Timeline site={site} session={session} scene={scene} />
          </>
        )}
      </Parts>
    </>
  )
}

/** Most sessions of a timeline are none of the assistant's. */
function ConversationOf({ session }: { readonly session: string }) {
  const { items = [] } = useList('conversationList', { session_id: session })
  return items.length > 0 && <Conversation session={session} />
}

function Timelines({ session }: { readonly session: string }) {
  const { items = [] } = useList('timelineSites', { session_id: session })
  return items.map(({ site }) => <TimelinesAt key={site} site={site} session={session} />)
}

/** Of each scene. */
function TimelinesAt({ site, session }: { readonly site: string; readonly session: string }) {
  const { items = [] } = useList('timelineSessions', { site, session_id: session })
  return items.map(({ scene }) => <Timeline key={scene} site={site} session={session} scene={scene} />)
}
