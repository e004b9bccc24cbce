import type { Tier } from './tier.ts'

/** A tier, with a note taken of every change when it was made, or may have been. It answers when the tier does, no tick later. */
export function notingChanges(tier: Tier, note: () => void): Tier {
  const noted = <T>(change: Promise<T>): Promise<T> => {
    change.then(note, note)
    return change
  }
  return {
    name: tier.name,
    durable: tier.durable,
    readDeadline: tier.readDeadline,
    ...(tier.capabilities === undefined ? {} : { capabilities: tier.capabilities }),
    open: () => tier.open(),
    read: (keys) => tier.read(keys),
    write: (records) => noted(tier.write(records)),
    remove: (keys) => noted(tier.remove(keys)),
    list: (prefix, page) => tier.list(prefix, page),
    ...(tier.scan === undefined
      ? {}
      : { scan: (...asked: Parameters<Tier['list']>) => tier.scan?.(...asked) ?? tier.list(...asked) }),
    sweep: (limit) => noted(tier.sweep(limit)),
    usage: (prefix) => tier.usage(prefix),
    ping: () => tier.ping(),
    close: () => tier.close(),
  }
}
