import { frameNames } from './frame.ts'
import type { TierRecord } from '../tier.ts'

/** The line of values that a stored record names; undefined where it names none, as one that was set does. */
export function lineOf({ body, sidecar }: Pick<TierRecord, 'body' | 'sidecar'>): string | undefined {
  if (typeof body !== 'string') return frameNames(body)?.line || undefined
  try {
    const header: unknown = JSON.parse(sidecar ?? '{}')
    return typeof header === 'object' && header !== null && 'g' in header ? String(header.g) : undefined
  } catch {
    return undefined
  }
}
