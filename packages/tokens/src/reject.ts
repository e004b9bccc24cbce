import type { HandedOut } from './handed-out.ts'
import type { Holder } from './holder.ts'
import type { TokenRef } from './provider.ts'

/**
 * Drops a token where it is still the one that is kept; one that has come in its place, or is being fetched, stays.
 * However many callers were refused at once, one of them drops it. Where this process has not handed the value out,
 * every application that it knows is looked at.
 */
export function createReject(parts: {
  readonly handedOut: HandedOut
  /** The applications that a value of unknown origin can belong to. */
  readonly suspects: () => readonly Holder[]
  readonly holderOf: (ref: TokenRef) => Holder
}): (value: string) => Promise<boolean> {
  const { handedOut, suspects, holderOf } = parts
  const underWay = new Map<string, Promise<boolean>>()

  async function drop(value: string): Promise<boolean> {
    handedOut.refuse(value)
    const owner = handedOut.ownerOf(value)
    for (const holder of owner === undefined ? new Set(suspects()) : [holderOf(owner)]) {
      const kept = await holder.find()
      if (kept?.value === value) return holder.remove(kept)
    }
    return false
  }

  return async (value) => {
    let dropping = underWay.get(value)
    if (dropping === undefined) {
      dropping = drop(value).finally(() => underWay.delete(value))
      underWay.set(value, dropping)
    }
    return dropping
  }
}
