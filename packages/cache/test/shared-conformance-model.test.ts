/** Holds the model that the simulation runs on to the same cases as the real store. */
import { describe, test } from 'vitest'
import { createStage } from '../src/testing/simulation/stage.ts'
import { sharedConformance } from './shared-conformance.ts'
import type { SharedSetup } from './shared-setup.ts'

/** A model server of its own, in fair weather, whose time goes by as long as the case runs. */
async function modelSetup(): Promise<SharedSetup> {
  const stage = createStage()
  const { scheduler, server, pass } = stage
  const clock = scheduler.clock(1_234, () => true)
  let running = true
  const time = (async () => {
    while (running) await pass(1)
  })()
  return {
    prefix: 'model',
    async open({ descriptor = 'tests', maxLength, leaseGrace } = {}) {
      const { shared } = stage.link({
        now: clock.now,
        deadline: 5_000,
        longestWait: 5_000,
        descriptor,
        ...(maxLength === undefined ? {} : { maxLength }),
        ...(leaseGrace === undefined ? {} : { leaseGrace }),
      })
      await shared.open()
      return shared
    },
    pass: (milliseconds) => new Promise((resolve) => scheduler.after(milliseconds, resolve)),
    now: clock.now,
    writeForeign: async (key, body) => server.writeForeign(key, body),
    loseLog: async () => server.log.lose(),
    async end() {
      running = false
      await time
    },
  }
}

describe('shared conformance: the model of the simulation', () => {
  for (const { name, run } of sharedConformance(modelSetup)) test(name, run)
})
