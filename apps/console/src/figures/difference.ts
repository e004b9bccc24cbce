/** One place where two values differ. */
export interface Difference {
  /** The names on the way to it, with dots. */
  readonly path: string
  /** Undefined where the side has nothing at this place. */
  readonly left: unknown
  readonly right: unknown
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Where two values of JSON differ, in the order of their names; lists are compared place by place. */
export function differencesOf(left: unknown, right: unknown, path = ''): readonly Difference[] {
  if (isTree(left) && isTree(right) && Array.isArray(left) === Array.isArray(right)) {
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    return names.flatMap((name) =>
      differencesOf(left[name], right[name], path === '' ? name : `${path}.${name}`),
    )
  }
  return Object.is(left, right) || JSON.stringify(left) === JSON.stringify(right)
    ? []
    : [{ path, left, right }]
}
