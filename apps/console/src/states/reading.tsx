import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failed, Loading } from './states.tsx'

/** Draws what was read, or that it is on its way or failed; what is old is shown while newer is on its way. */
export function Reading<Data>({
  from,
  lines,
  children,
}: {
  readonly from: UseQueryResult<Data>
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}) {
  const { data, error, refetch } = from
  if (data !== undefined) return children(data)
  if (error !== null) return <Failed error={error} onRetry={() => void refetch()} />
  return <Loading {...(lines === undefined ? {} : { lines })} />
}
