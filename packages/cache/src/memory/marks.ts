import { tagMark } from '../log/order.ts'

/** The marks of an entry beside those of its tags, which come last. */
export function ownMarks(marks: readonly string[], tags: readonly string[]): readonly string[] {
  if (tags.length === 0) return marks
  const own = marks.length - tags.length
  return tags.every((tag, index) => marks[own + index] === tagMark(tag)) ? marks.slice(0, own) : marks
}

/** All marks again. @param own what `ownMarks` gave */
export function allMarks(own: readonly string[], tags: readonly string[]): readonly string[] {
  return tags.length === 0 ? own : [...own, ...tags.map(tagMark)]
}

/** Whether marks are those that most entries of their space have. */
export function areUsual(own: readonly string[], usual: readonly string[] | undefined): boolean {
  if (own === usual || usual === undefined) return own === usual
  return own.length === usual.length && own.every((mark, index) => mark === usual[index])
}
