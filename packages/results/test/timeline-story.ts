import type { FakeClock } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { NewEvent, Timelines } from '../src/index.ts'
import { type ModelLimits, type Place, TimelineModel } from './timeline-model.ts'

/** The limits of the timelines that stories are told to: small, so that they are met. */
export const storyLimits: ModelLimits = { life: 10_000, confirmEvery: 1_000, maxEvents: 5 }

/** One step of a story. `by` chooses the process that does it. */
type Step =
  | {
      readonly do: 'append'
      readonly by: number
      readonly place: Place
      readonly events: readonly NewEvent[]
    }
  | {
      readonly do: 'timeline' | 'latest'
      readonly by: number
      readonly place: Place
      readonly category: string
      readonly resource: string | undefined
    }
  | { readonly do: 'resources'; readonly by: number; readonly place: Place }
  | { readonly do: 'clear'; readonly by: number; readonly place: Place; readonly everyScene: boolean }
  | { readonly do: 'clear-resource'; readonly by: number; readonly place: Place; readonly resource: string }
  | { readonly do: 'pass'; readonly milliseconds: number }
  | { readonly do: 'sweep'; readonly by: number }
  | { readonly do: 'lose' }

const by = fc.nat({ max: 1 })
// Mostly one session, so that it lives through enough; the others have names that are easily confused with its.
const place = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ site: 's', sessionId: '1:a', scene: '' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      site: fc.constantFrom('s:1', 's'),
      sessionId: fc.constantFrom('a', '1:a'),
      scene: fc.constantFrom('', '3'),
    }),
  },
)
const category = fc.constantFrom('reply', 'c:"x"', '图')
const resource = fc.constantFrom('', '{r}', '","', '图 1')
// JSON has no -0: that it comes back as 0 has a test of its own.
const payload = fc
  .oneof(fc.constantFrom(null, 0, '', false, [], {}), fc.jsonValue({ maxDepth: 2 }))
  .map((value): unknown => JSON.parse(JSON.stringify(value)))
const event = fc.record(
  { category, resource, payload, model: fc.constant('m-1'), strategy: fc.constant('premium') },
  { requiredKeys: ['category', 'payload'] },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      by,
      place,
      events: fc.array(event, { maxLength: 7 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('timeline' as const, 'latest' as const),
      by,
      place,
      category,
      resource: fc.option(resource, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resources' as const), by, place }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('clear' as const), by, place, everyScene: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear-resource' as const), by, place, resource }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      milliseconds: fc.constantFrom(1, 999, 1_000, 6_000, 6_000, 10_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const), by }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
)

/** Random stories. */
export const stories = fc.array(step, { minLength: 5, maxLength: 40 })

/** Where a story happens. */
export interface StoryStage {
  readonly processes: readonly [Timelines, Timelines]
  readonly clock: FakeClock
  /** Throws away what Redis has of these timelines. */
  lose(): Promise<unknown>
}

/** Tells a story to the timelines and to the model, and demands the same answers after each step. */
export async function tell(story: readonly Step[], { processes, clock, lose }: StoryStage): Promise<void> {
  const model = new TimelineModel(storyLimits)
  for (const one of story) await play(one)

  async function play(one: Step): Promise<void> {
    const now = clock.now()
    if (one.do === 'pass') return clock.advance(one.milliseconds)
    if (one.do === 'lose') return void (await lose())
    const timelines = processes[one.by] as Timelines
    if (one.do === 'sweep') return void (await timelines.sweep())
    const { site: siteId, ...name } = one.place
    const site = timelines.forSite(siteId)
    switch (one.do) {
      case 'append': {
        if (one.events.length === 0) return expect(await site.appendEvents(name, [])).toEqual([])
        const given = await site.appendEvents(name, one.events)
        expect(model.append(one.place, one.events, given, now)).toEqual([])
        return expect(given.map(({ payload: value }) => value)).toEqual(
          one.events.map(({ payload: value }) => value),
        )
      }
      case 'timeline':
        return expect(await site.getTimeline({ ...name, category: one.category })).toEqual(
          model.timeline(one.place, one.category, now),
        )
      case 'latest': {
        const query = {
          ...name,
          category: one.category,
          ...(one.resource !== undefined && { resource: one.resource }),
        }
        return expect(await site.latest(query)).toEqual(
          model.latest(one.place, one.category, one.resource, now),
        )
      }
      case 'resources':
        return expect(await site.listResources(name)).toEqual(model.resources(one.place, now))
      case 'clear':
        return expect(await site.clearSession({ ...name, everyScene: one.everyScene })).toBe(
          model.clear(one.place, one.everyScene, now),
        )
      case 'clear-resource':
        return expect(await site.clearResource({ ...name, resource: one.resource })).toBe(
          model.clearResource(one.place, one.resource, now),
        )
    }
  }
}
