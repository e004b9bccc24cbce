import { createFrequencySketch } from './frequency-sketch.ts'
import { createLists } from './lists.ts'
import type { MakePeer } from './peer.ts'

const windowList = 0
const probation = 1
const protectedList = 2

/**
 * W-TinyLFU as Caffeine has it: a window, a segmented main space, admission by a frequency sketch.
 * @param windowShare the window's share at the start; Caffeine's is 0.01
 * @param climbs whether the share follows the hit ratio, by Caffeine's hill climber
 */
export const wTinyLfu =
  (windowShare: number, climbs: boolean): MakePeer =>
  (capacity, keys) => {
    const lists = createLists(keys, 3)
    const sketch = createFrequencySketch(capacity)
    let windowSize = Math.min(capacity, Math.max(1, Math.round(capacity * windowShare)))
    let protectedSize = Math.floor((capacity - windowSize) * 0.8)
    let step = -0.0625 * capacity
    let adjustment = 0
    let hits = 0
    let requests = 0
    let lastRate = 0
    let seed = 1
    const demote = (): void => {
      while (lists.size(protectedList) > protectedSize) lists.push(probation, lists.oldest(protectedList))
    }
    const admits = (candidate: number, victim: number): boolean => {
      const frequency = sketch.frequency(candidate)
      const other = sketch.frequency(victim)
      if (frequency > other) return true
      if (frequency < 6) return false
      seed = (seed * 48_271) % 2_147_483_647
      return (seed & 127) === 0
    }
    const evict = (): void => {
      let candidate = -1
      while (lists.size(windowList) > windowSize) {
        candidate = lists.oldest(windowList)
        lists.push(probation, candidate)
      }
      if (lists.size(windowList) + lists.size(probation) + lists.size(protectedList) <= capacity) return
      let victim = lists.oldest(probation)
      if (victim === -1) victim = lists.oldest(protectedList)
      if (victim === -1) victim = lists.oldest(windowList)
      if (candidate === -1 || candidate === victim) lists.remove(victim)
      else lists.remove(admits(candidate, victim) ? victim : candidate)
    }
    const climb = (): void => {
      if (requests >= sketch.sampleSize) {
        const rate = hits / requests
        const change = rate - lastRate
        const amount = change >= 0 ? step : -step
        step = Math.abs(change) >= 0.05 ? 0.0625 * capacity * (amount >= 0 ? 1 : -1) : 0.98 * amount
        lastRate = rate
        adjustment = amount
        hits = requests = 0
      }
      if (adjustment > 0) {
        const quota = Math.min(Math.trunc(adjustment), protectedSize)
        protectedSize -= quota
        windowSize += quota
        demote()
        for (let moved = 0; moved < quota; moved += 1) {
          const key = lists.oldest(lists.size(probation) > 0 ? probation : protectedList)
          if (key === -1) break
          lists.push(windowList, key)
        }
      } else if (adjustment < 0 && windowSize > 1) {
        const quota = Math.min(Math.trunc(-adjustment), windowSize - 1)
        protectedSize += quota
        windowSize -= quota
        for (let moved = 0; moved < quota && lists.size(windowList) > 0; moved += 1)
          lists.push(probation, lists.oldest(windowList))
      }
      adjustment = 0
    }
    return {
      request(key) {
        const list = lists.of(key)
        sketch.increment(key)
        requests += 1
        if (list >= 0) {
          hits += 1
          lists.push(list === windowList ? windowList : protectedList, key)
          demote()
        } else {
          lists.push(windowList, key)
          evict()
        }
        if (climbs) climb()
        return list >= 0
      },
    }
  }
