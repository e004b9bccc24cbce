import { test } from 'vitest'
import { memoryRelay } from '../src/relay/memory-relay.ts'
import { relayCases } from './relay-conformance.ts'

test.for(relayCases)('in memory: %s', async ([, run]) => run(memoryRelay(), 'k'))
