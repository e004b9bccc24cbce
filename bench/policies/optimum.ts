/** Hits of Belady's optimum: the held key that is needed last goes, and it may be the one that has just come. */
export function optimumHits(trace: Int32Array, capacity: number, keys: number): number {
  const never = trace.length
  const next = new Int32Array(trace.length)
  const seen = new Int32Array(keys).fill(never)
  for (let at = trace.length - 1; at >= 0; at -= 1) {
    next[at] = seen[trace[at] as number] as number
    seen[trace[at] as number] = at
  }
  // A heap of times of next use, latest first. A time is stale once it has passed.
  const heap: number[] = []
  const held = new Uint8Array(keys)
  const push = (time: number): void => {
    let at = heap.length
    heap.push(time)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((heap[parent] as number) >= time) break
      heap[at] = heap[parent] as number
      at = parent
    }
    heap[at] = time
  }
  const pop = (): number => {
    const top = heap[0] as number
    const last = heap.pop() as number
    if (heap.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1] as number) > (heap[child] as number)) child += 1
      if ((heap[child] as number) <= last) break
      heap[at] = heap[child] as number
      at = child
    }
    heap[at] = last
    return top
  }
  let size = 0
  let hits = 0
  for (let at = 0; at < trace.length; at += 1) {
    const key = trace[at] as number
    if (held[key] === 1) {
      hits += 1
      size -= 1
      held[key] = 0
    }
    const time = next[at] as number
    if (time === never) continue
    held[key] = 1
    size += 1
    push(time)
    if (size > capacity) {
      held[trace[pop()] as number] = 0
      size -= 1
    }
  }
  return hits
}
