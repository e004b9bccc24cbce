import type { TokenRef } from './provider.ts'

/** Values remembered at most. */
const most = 10_000

/** Which values this process has handed out, and which of them were refused. In memory only. */
export interface HandedOut {
  note(value: string, ref: TokenRef): void
  /** Whose token a value is; undefined where it is not from here. */
  ownerOf(value: string): TokenRef | undefined
  refuse(value: string): void
  readonly refused: (value: string) => boolean
}

/** Nothing yet. */
export function createHandedOut(): HandedOut {
  const owners = new Map<string, TokenRef>()
  const refused = new Set<string>()
  return {
    note(value, ref) {
      owners.set(value, ref)
      if (owners.size > most) owners.delete(owners.keys().next().value as string)
    },
    ownerOf: (value) => owners.get(value),
    refuse(value) {
      refused.add(value)
      if (refused.size > most) refused.delete(refused.values().next().value as string)
    },
    refused: (value) => refused.has(value),
  }
}
