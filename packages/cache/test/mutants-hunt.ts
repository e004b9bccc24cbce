/**
 * A process of the mutants' test: runs schedules of one copy of the sources until one breaks, and prints what it
 * found as JSON. Takes the copy's folder, seeds to try first, and how many more to try from 1 on.
 */
import { pathToFileURL } from 'node:url'
import type * as schedule from '../src/testing/simulation/schedule.ts'

/** What a hunt came to. */
export interface Found {
  /** The schedule that broke a promise, where one did. */
  readonly seed?: number
  readonly broken?: string
  readonly schedules: number
}

const [folder = '', hints = '', count = '0'] = process.argv.slice(2)
const { runSchedule } = (await import(
  pathToFileURL(`${folder}/testing/simulation/schedule.ts`).href
)) as typeof schedule

async function hunt(): Promise<Found> {
  const first = hints.split(',').filter(Boolean).map(Number)
  const seeds = [...first, ...Array.from({ length: Number(count) }, (_, index) => index + 1)]
  for (const [index, seed] of seeds.entries()) {
    const [broken] = (await runSchedule(seed)).broken
    if (broken !== undefined) return { seed, broken, schedules: index + 1 }
  }
  return { schedules: seeds.length }
}

console.log(JSON.stringify(await hunt()))
