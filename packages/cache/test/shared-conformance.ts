import { leaseCases } from './shared-conformance-lease.ts'
import { logCases } from './shared-conformance-log.ts'
import { valueCases } from './shared-conformance-values.ts'
import type { SharedCase, SharedSetup } from './shared-setup.ts'

/** A case that can be run by itself. */
export interface ConformanceTest {
  readonly name: string
  readonly run: () => Promise<void>
}

/**
 * What every shared store must do, as tests that need nothing but `node:assert`: each asks `begin` for a catalog of
 * its own, runs against it and ends it.
 */
export function sharedConformance(begin: () => Promise<SharedSetup>): readonly ConformanceTest[] {
  return [...valueCases, ...leaseCases, ...logCases].map(({ name, run }: SharedCase) => ({
    name,
    async run() {
      const setup = await begin()
      try {
        await run(setup)
      } finally {
        await setup.end()
      }
    },
  }))
}
