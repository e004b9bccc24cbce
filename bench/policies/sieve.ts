import { createLists } from './lists.ts'
import type { MakePeer } from './peer.ts'

/** SIEVE (NSDI'24): a queue that never moves, a visited bit, and a hand from the oldest to the newest. */
export const sieve: MakePeer = (capacity, keys) => {
  const lists = createLists(keys, 1)
  const visited = new Uint8Array(keys)
  let hand = -1
  return {
    request(key) {
      if (lists.of(key) === 0) {
        visited[key] = 1
        return true
      }
      if (lists.size(0) >= capacity) {
        if (hand === -1) hand = lists.oldest(0)
        while (visited[hand] === 1) {
          visited[hand] = 0
          hand = lists.newer(hand)
          if (hand === -1) hand = lists.oldest(0)
        }
        const victim = hand
        hand = lists.newer(hand)
        lists.remove(victim)
      }
      visited[key] = 0
      lists.push(0, key)
      return false
    },
  }
}
