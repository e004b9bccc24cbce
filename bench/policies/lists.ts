/** Doubly linked lists of keys on shared arrays: a key is in at most one of them. */
export interface Lists {
  /** The list a key is in, or -1. */
  of(key: number): number
  size(list: number): number
  /** The oldest key of a list, or -1. */
  oldest(list: number): number
  /** Puts a key at the newest end, taking it out of where it was. */
  push(list: number, key: number): void
  remove(key: number): void
  /** The key put in just after this one, or -1. */
  newer(key: number): number
}

/** Lists for keys 0 to `keys` - 1. */
export function createLists(keys: number, lists: number): Lists {
  const next = new Int32Array(keys + lists)
  const previous = new Int32Array(keys + lists)
  const where = new Int8Array(keys).fill(-1)
  const sizes = new Int32Array(lists)
  for (let list = 0; list < lists; list += 1) next[keys + list] = previous[keys + list] = keys + list
  const remove = (key: number): void => {
    const list = where[key] as number
    if (list < 0) return
    const after = next[key] as number
    const before = previous[key] as number
    next[before] = after
    previous[after] = before
    where[key] = -1
    sizes[list] = (sizes[list] as number) - 1
  }
  const keyOr = (place: number): number => (place >= keys ? -1 : place)
  return {
    of: (key) => where[key] as number,
    size: (list) => sizes[list] as number,
    oldest: (list) => keyOr(next[keys + list] as number),
    newer: (key) => keyOr(next[key] as number),
    push(list, key) {
      remove(key)
      const head = keys + list
      const before = previous[head] as number
      next[before] = key
      previous[key] = before
      next[key] = head
      previous[head] = key
      where[key] = list
      sizes[list] = (sizes[list] as number) + 1
    },
    remove,
  }
}
