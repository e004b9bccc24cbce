import type { LiveEvent, LiveEventType } from '@reprise/api'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { isLive, listenLive, watchLive } from './live.ts'
import { useMay } from './may.ts'
import { isSoonRead } from './use-list.ts'

/** The tags of the readings that an event makes old. */
const changed: Readonly<Partial<Record<LiveEventType, readonly string[]>>> = {
  hit: ['cache', 'spaces'],
  load: ['cache', 'spaces', 'entries'],
  invalidate: ['cache', 'entries', 'invalidation', 'configuration'],
  upgrade: ['entries', 'results'],
  background: ['background'],
  task: ['tasks', 'documents'],
  alarm: ['alarms'],
  operation: ['operations'],
  tier: ['cache'],
  reset: [
    'cache',
    'spaces',
    'entries',
    'invalidation',
    'results',
    'background',
    'tasks',
    'documents',
    'alarms',
    'operations',
  ],
}

/** The shortest time between two readings that events cause, in milliseconds. */
const pause = 1000

// What several events make old is read again once.
function readAgainOn(queries: QueryClient): () => void {
  const old = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const readAgain = (): void => {
    timer = undefined
    for (const tag of old) void queries.invalidateQueries({ queryKey: [tag], predicate: isSoonRead })
    old.clear()
  }
  const stop = listenLive(({ type }) => {
    for (const tag of changed[type] ?? []) old.add(tag)
    if (old.size > 0) timer ??= setTimeout(readAgain, pause)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}

/** Reads again what is shown, when an event says that it is old. */
export function useLiveChanges(): void {
  const queries = useQueryClient()
  const wanted = useMay()('events')
  useEffect(() => (wanted ? readAgainOn(queries) : undefined), [queries, wanted])
}

/** The newest live events of some types, the newest first. */
export function useLiveEvents(types: readonly LiveEventType[], most: number): readonly LiveEvent[] {
  const wanted = useMay()('events')
  const [events, setEvents] = useState<readonly LiveEvent[]>([])
  const names = types.join(' ')
  useEffect(() => {
    if (!wanted) return undefined
    const known = new Set(names.split(' '))
    return listenLive((event) => {
      if (known.has(event.type)) setEvents((before) => [event, ...before].slice(0, most))
    })
  }, [wanted, names, most])
  return events
}

/** Whether live events come. */
export function useIsLive(): boolean {
  return useSyncExternalStore(watchLive, isLive)
}
