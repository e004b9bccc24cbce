import { createLists } from './lists.ts'
import type { MakePeer } from './peer.ts'

/** Least recently used: what nearly every cache of the ecosystem does. */
export const lru: MakePeer = (capacity, keys) => {
  const lists = createLists(keys, 1)
  return {
    request(key) {
      const hit = lists.of(key) === 0
      if (!hit && lists.size(0) >= capacity) lists.remove(lists.oldest(0))
      lists.push(0, key)
      return hit
    },
  }
}
