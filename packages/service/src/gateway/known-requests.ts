/**
 * Requests that were answered from the cache before, by their bytes: where the same comes again, what it amounts to is
 * known and need not be read. Whose it is and the headers that count are part of the name, so that nobody is given what
 * another's bytes amount to. What is kept of a request is the name of its answer; whether there still is one is asked of
 * the cache each time.
 */
import { hash } from 'node:crypto'
import type { CallPlan } from '@reprise/ai'
import type { GatewayCall, Place } from './call.ts'

/** What a request amounts to. */
export interface KnownRequest {
  readonly params: Omit<CallPlan<unknown>['params'], 'answer'>
  /** Of how many answers one is drawn. */
  readonly answers: number
  readonly place: Place
  readonly streams: boolean
  readonly wantsUsage: boolean
}

/** Those of one gateway. */
export interface KnownRequests {
  find(name: string): KnownRequest | undefined
  add(name: string, request: KnownRequest): void
}

/** Holds the last of them, so many at most. */
export function createKnownRequests(most = 2_000): KnownRequests {
  const known = new Map<string, KnownRequest>()
  return {
    find: (name) => known.get(name),
    add(name, { params, answers, place, streams, wantsUsage }) {
      known.delete(name)
      known.set(name, { params, answers, place, streams, wantsUsage })
      if (known.size > most) known.delete(known.keys().next().value as string)
    },
  }
}

/** The name of a request: whose it is, what of its headers counts, and a digest of its bytes. */
export function nameOf(
  { protocol, whose, headers }: Pick<GatewayCall, 'protocol' | 'whose' | 'headers'>,
  body: Buffer,
): string {
  const { tenant, scope, prompt } = whose
  const names = [protocol.operation, tenant, scope, prompt?.id, prompt?.version, headers]
  return `${JSON.stringify(names)} ${hash('sha256', body, 'base64url')}`
}
