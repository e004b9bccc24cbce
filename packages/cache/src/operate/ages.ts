/** Buckets of each doubling: a bucket ends 19 % after it begins. */
const each = 4
/** From 1 ms to 2 ** 40 ms, which is 34 years; the last bucket has all that is longer, `Infinity` too. */
const buckets = 40 * each + 2

/** The bucket of a length of time in milliseconds. */
export function bucketOf(length: number): number {
  return length <= 1 ? 0 : Math.min(buckets - 1, Math.ceil(Math.log2(length) * each))
}

/** The longest length of time of a bucket, in milliseconds. */
export function endOf(bucket: number): number {
  return bucket === buckets - 1 ? Infinity : 2 ** (bucket / each)
}

/** Counts of lengths of time, in buckets that grow with the length. */
export type Ages = Float64Array

/** Counts at zero. */
export function createAges(): Ages {
  return new Float64Array(buckets)
}

/** Counts one more. */
export function countAge(ages: Ages, length: number): void {
  const bucket = bucketOf(length)
  ages[bucket] = (ages[bucket] ?? 0) + 1
}

/** The end of the bucket by which a share of all has passed, in milliseconds; undefined when nothing was counted. */
export function quantile(ages: Ages, share: number): number | undefined {
  const total = ages.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [bucket, count] of ages.entries()) {
    seen += count
    if (count > 0 && seen >= total * share - 1e-9) return endOf(bucket)
  }
  return undefined
}

/**
 * The age by which a share of all has ended, where some were cut short and only their age at the cut is known (Kaplan
 * and Meier, 1958). Undefined where too many were cut short to tell.
 */
export function survivalAge(ended: Ages, cut: Ages, share: number): number | undefined {
  const total = [...ended, ...cut].reduce((sum, count) => sum + count, 0)
  let left = total
  let alive = 1
  for (const [bucket, ends] of ended.entries()) {
    // What is left would stand for more than twice its number.
    if (left === 0 || left < (total * (1 - share)) / 2) return undefined
    alive *= 1 - ends / left
    if (alive <= 1 - share + 1e-9) return endOf(bucket)
    left -= ends + (cut[bucket] ?? 0)
  }
  return undefined
}
