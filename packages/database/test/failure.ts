import { DatabaseError } from '../src/index.ts'

/** The DatabaseError that some work throws; anything else fails the test. */
export async function failure(work: Promise<unknown>): Promise<DatabaseError> {
  const thrown: unknown = await work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  if (DatabaseError.is(thrown)) return thrown
  throw new Error(`not a DatabaseError: ${String(thrown)}`, { cause: thrown })
}
