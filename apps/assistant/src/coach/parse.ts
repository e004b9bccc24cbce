import type { Conversation, MergeStep, Screenshot } from './merge-step.ts'

/** A share of a length, never outside of it; six digits, so that equal pictures give equal analyses. */
const share = (at: number, length: number): number =>
  Math.round(Math.min(1, Math.max(0, at / length)) * 1_000_000) / 1_000_000

/** A box as shares of its picture: pixels divided by the size, clamped, corners in their order. Shares stay as they are. */
export function normaliseBox(
  bbox: Screenshot['bubbles'][number]['bbox'],
  size: Screenshot['size'],
): number[] {
  const [x1, y1, x2, y2] = bbox
  const shares = bbox.every((at) => at >= 0 && at <= 1)
  const { width, height } = shares ? { width: 1, height: 1 } : size
  const [left, right] = [share(x1, width), share(x2, width)].toSorted((a, b) => a - b) as [number, number]
  const [top, bottom] = [share(y1, height), share(y2, height)].toSorted((a, b) => a - b) as [number, number]
  return [left, top, right, bottom]
}

/** What a screenshot shows, from top to bottom: the user writes on the right unless most named bubbles say otherwise. */
export function parseScreenshot({ screenshot, participants }: Conversation): MergeStep['screenshot_parse'] {
  const { bubbles, size } = screenshot
  const votes = bubbles.reduce((sum, { sender, column }) => {
    if (sender === undefined) return sum
    return sum + ((sender === 'user') === (column === 'right') ? 1 : -1)
  }, 0)
  const layout =
    votes < 0 ? ({ left: 'user', right: 'talker' } as const) : ({ left: 'talker', right: 'user' } as const)
  const boxed = bubbles.map(({ text, sender, column, bbox }) => ({
    text,
    sender: sender ?? layout[column],
    column,
    bbox: normaliseBox(bbox, size),
  }))
  const top = ({ bbox }: { bbox: number[] }): number => bbox[1] ?? 0
  return { participants, layout, bubbles: boxed.toSorted((a, b) => top(a) - top(b)) }
}
