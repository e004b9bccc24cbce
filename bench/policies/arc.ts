import { createLists } from './lists.ts'
import type { MakePeer } from './peer.ts'

const recent = 0
const frequent = 1
const recentGhosts = 2
const frequentGhosts = 3

/** ARC (FAST'03, figure 4): the share of keys seen once follows hits among what was evicted. */
export const arc: MakePeer = (capacity, keys) => {
  const lists = createLists(keys, 4)
  let target = 0
  const replace = (inFrequentGhosts: boolean): void => {
    const size = lists.size(recent)
    if (size >= 1 && ((inFrequentGhosts && size === target) || size > target))
      lists.push(recentGhosts, lists.oldest(recent))
    else lists.push(frequentGhosts, lists.oldest(frequent))
  }
  return {
    request(key) {
      const list = lists.of(key)
      if (list === recent || list === frequent) {
        lists.push(frequent, key)
        return true
      }
      const [b1, b2] = [lists.size(recentGhosts), lists.size(frequentGhosts)]
      if (list === recentGhosts) {
        target = Math.min(capacity, target + Math.max(b2 / b1, 1))
        replace(false)
        lists.push(frequent, key)
        return false
      }
      if (list === frequentGhosts) {
        target = Math.max(0, target - Math.max(b1 / b2, 1))
        replace(true)
        lists.push(frequent, key)
        return false
      }
      const t1 = lists.size(recent)
      const all = t1 + lists.size(frequent) + b1 + b2
      if (t1 + b1 === capacity) {
        if (t1 < capacity) {
          lists.remove(lists.oldest(recentGhosts))
          replace(false)
        } else lists.remove(lists.oldest(recent))
      } else if (all >= capacity) {
        if (all === 2 * capacity) lists.remove(lists.oldest(frequentGhosts))
        replace(false)
      }
      lists.push(recent, key)
      return false
    },
  }
}
