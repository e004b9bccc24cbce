import { createLists } from './lists.ts'
import type { MakePeer } from './peer.ts'

const small = 0
const main = 1
const ghosts = 2

/**
 * S3-FIFO (SOSP'23), after its authors' simulator: a small queue of 10 %, a main queue with two-bit counters, ghosts of 90 %.
 * @param moveAfter hits in the small queue that move a key to the main queue
 */
export const s3fifo =
  (moveAfter: number): MakePeer =>
  (capacity, keys) => {
    const lists = createLists(keys, 3)
    const hits = new Uint8Array(keys)
    const smallSize = Math.max(1, Math.floor(capacity * 0.1))
    const mainSize = capacity - smallSize
    const ghostSize = Math.floor(capacity * 0.9)
    let evicted = false
    const evictMain = (): void => {
      for (;;) {
        const key = lists.oldest(main)
        if (key === -1) return
        if (hits[key] === 0) {
          lists.remove(key)
          return
        }
        hits[key] = (hits[key] as number) - 1
        lists.push(main, key)
      }
    }
    const evictSmall = (): void => {
      for (;;) {
        const key = lists.oldest(small)
        if (key === -1) return
        if ((hits[key] as number) < moveAfter) {
          lists.push(ghosts, key)
          if (lists.size(ghosts) > ghostSize) lists.remove(lists.oldest(ghosts))
          return
        }
        hits[key] = 0
        lists.push(main, key)
      }
    }
    return {
      request(key) {
        const list = lists.of(key)
        if (list === small || list === main) {
          hits[key] = Math.min(3, (hits[key] as number) + 1)
          return true
        }
        if (list === ghosts) lists.remove(key)
        while (lists.size(small) + lists.size(main) >= capacity) {
          evicted = true
          if (lists.size(main) > mainSize || lists.size(small) === 0) evictMain()
          else evictSmall()
        }
        hits[key] = 0
        const fills = !evicted && lists.size(small) >= smallSize
        lists.push(list === ghosts || fills ? main : small, key)
        return false
      },
    }
  }
