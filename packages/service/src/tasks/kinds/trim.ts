import type { ResultTypes, Results } from '@reprise/results'
import { z } from 'zod'
import type { TaskKind } from '../kind.ts'

const input = z.strictObject({})

/** The steps of the nightly maintenance of results. */
const steps = 4

/** Keeps what retention says of the durable results (row D4): expires, trims, forgets, over all sites. */
export function trimKind(options: {
  readonly results: Pick<Results<ResultTypes>, 'maintain'>
}): TaskKind<z.output<typeof input>> {
  return {
    name: 'trim',
    summary: 'Expire and trim the durable results of all sites',
    input,
    async run(_, { progress }) {
      let done = 0
      const reports = await options.results.maintain({
        onStep({ step, rows }) {
          done += 1
          progress(done, steps, `${step}: ${rows} rows`)
        },
      })
      return reports.map(({ step, rows, milliseconds, failures }) => ({
        step,
        rows,
        milliseconds: Math.round(milliseconds),
        failures: failures
          .slice(0, 20)
          .map(({ site, type, error }) => ({ site, type, error: String(error) })),
      }))
    },
  }
}
