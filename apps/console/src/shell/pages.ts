import type { RouteId } from '@reprise/api'
import {
  Bot,
  Database,
  Eraser,
  Gauge,
  KeyRound,
  Layers,
  ListChecks,
  type LucideIcon,
  ScrollText,
  Settings,
  Sparkles,
  Waypoints,
} from 'lucide-react'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { useMay } from '../service/may.ts'

/** One page of the console. */
export interface Page {
  /** Its name among the texts of the shell. */
  readonly id:
    | 'overview'
    | 'spaces'
    | 'entries'
    | 'results'
    | 'sessions'
    | 'assistant'
    | 'invalidations'
    | 'tasks'
    | 'tokens'
    | 'operations'
    | 'settings'
  /** Its place under `/console`; what is below it is its own. */
  readonly path: string
  /** The key that leads there, after `g`. */
  readonly key: string
  readonly icon: LucideIcon
  /** Shown to who may call one of these. */
  readonly needs: readonly RouteId[]
  readonly view: LazyExoticComponent<ComponentType>
}

/** The pages in the order of the navigation. */
export const pages: readonly Page[] = [
  {
    id: 'overview',
    path: '/',
    key: 'o',
    icon: Gauge,
    needs: ['cacheStats'],
    view: lazy(() => import('../overview/overview.tsx')),
  },
  {
    id: 'spaces',
    path: '/spaces',
    key: 's',
    icon: Layers,
    needs: ['spaceList'],
    view: lazy(() => import('../spaces/spaces.tsx')),
  },
  {
    id: 'entries',
    path: '/entries',
    key: 'e',
    icon: Database,
    needs: ['entryList'],
    view: lazy(() => import('../entries/entries.tsx')),
  },
  {
    id: 'results',
    path: '/results',
    key: 'r',
    icon: Sparkles,
    needs: ['resultList'],
    view: lazy(() => import('../results/results.tsx')),
  },
  {
    id: 'sessions',
    path: '/sessions',
    key: 'n',
    icon: Waypoints,
    needs: ['timelineSessions', 'conversationList'],
    view: lazy(() => import('../sessions/sessions.tsx')),
  },
  {
    id: 'assistant',
    path: '/assistant',
    key: 'a',
    icon: Bot,
    needs: ['chatInteract'],
    view: lazy(() => import('../assistant/assistant.tsx')),
  },
  {
    id: 'invalidations',
    path: '/invalidations',
    key: 'i',
    icon: Eraser,
    needs: ['invalidationList'],
    view: lazy(() => import('../invalidations/invalidations.tsx')),
  },
  {
    id: 'tasks',
    path: '/tasks',
    key: 't',
    icon: ListChecks,
    needs: ['taskList'],
    view: lazy(() => import('../tasks/tasks.tsx')),
  },
  {
    id: 'tokens',
    path: '/tokens',
    key: 'k',
    icon: KeyRound,
    needs: ['tokenList'],
    view: lazy(() => import('../tokens/tokens.tsx')),
  },
  {
    id: 'operations',
    path: '/operations',
    key: 'l',
    icon: ScrollText,
    needs: ['operations'],
    view: lazy(() => import('../operations/operations.tsx')),
  },
  {
    id: 'settings',
    path: '/settings',
    key: ',',
    icon: Settings,
    needs: ['cacheDetails', 'users'],
    view: lazy(() => import('../settings/settings.tsx')),
  },
]

/** The pages that the session may see on this service. */
export function usePages(): readonly Page[] {
  const may = useMay()
  return pages.filter(({ needs }) => needs.some(may))
}

/** The page at a place under `/console`. */
export function pageAt(place: string, among: readonly Page[]): Page | undefined {
  return among.find(({ path }) => place === path || (path !== '/' && place.startsWith(`${path}/`)))
}
