/** The fields that are there: null fields are left out, as document 000 leaves out what an entry lacks. */
export function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}

/** The latest of some instants as ISO text; the first of 1970 when there are none. */
export function latest(instants: readonly Date[]): string {
  return new Date(Math.max(0, ...instants.map((instant) => instant.getTime()))).toISOString()
}
