/** The small numbers of a policy, packed in one integer per entry: as fields they would cost 40 bytes more each. */

// V8 looks exported constants up at each use: code that is part of every hit has some of its own, which their types
// hold to these.

/** In the main queue, not on probation. */
export const inMain = 1
/** Asked for again where it stands: it moves up when its turn to go comes. */
export const again = 2
/** Two bits: uses that tell it is worth keeping, up to 3. */
export const oneUse = 4
export const allUses = 12
/** Two bits: rounds it still gets because it is costly to load. The two above them: how many a use gives it. */
export const oneRound = 16
const rounds = 48
export const allRounds = rounds
/** Five bits: zero bits at the head of its key's hash, plus one. */
const depths = 0x1f00
export const allDepths = depths

/** A rank that only knows what its entry is worth: 0 to 3 more rounds. */
export function rankOf(worth: number): number {
  return (worth << 6) | (worth << 4)
}

/** A rank after a use: its extra rounds are all there again. */
export function refilled(rank: number): number {
  return (rank & ~rounds) | ((rank >> 2) & rounds)
}

/** Zero bits at the head of the key's hash, plus one. */
export function depthOf(rank: number): number {
  return (rank & depths) >> 8
}

/** A rank that knows the depth of its key's hash. */
export function withDepth(rank: number, hash: number): number {
  return rank | (Math.min(31, Math.clz32(hash) + 1) << 8)
}
