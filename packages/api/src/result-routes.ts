import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

/** The states of a result (row D7). One whose life is over is told as expired, whether it has been marked yet or not. */
export const resultStatus = z.enum(['generating', 'valid', 'expired', 'invalidated', 'failed'])

/** A result without its value. */
export const resultRecord = z.strictObject({
  id: count,
  site: z.string(),
  type: z.string(),
  target: z.string(),
  number: count.describe('Its place among the results of its type and site: the newest has the highest'),
  status: resultStatus,
  score: z.number().nullable(),
  model: z.string().describe('The model that made it, or unknown'),
  strategy: z.string().describe('The strategy that made it, or unknown'),
  rank: z.number().nullable(),
  cost: z.number().nullable(),
  prompt_version: z.string().nullable(),
  inputs_digest: z.string().nullable(),
  sources: z.array(z.string()),
  tags: z.array(z.string()),
  input_tokens: count.nullable(),
  output_tokens: count.nullable(),
  triggered_by: z.string().nullable(),
  created_at: instant,
  finished_at: instant.nullable(),
  upgraded_at: instant.nullable(),
  expires_at: instant.nullable().describe('null for never'),
  holder: z.string().nullable().describe('The process that generates or generated it'),
  lease_until: instant.nullable(),
  failure: z.string().nullable(),
  abandoned: z.boolean().describe('It failed because its generator was lost'),
  invalidated_at: instant.nullable(),
  invalidated_by: z.string().nullable(),
  reason: z.string().nullable().describe('Why it was invalidated'),
})

/** A result with its value; null for one that has none. */
export const resultWithValue = resultRecord.extend({ value: z.json() })

/** What a site holds of a type, and what is kept of it (row D4). */
export const resultShelf = z.strictObject({
  type: z.string(),
  results: z.record(resultStatus, count).describe('How many in each state'),
  total: count,
  stuck: count.describe('Generations whose lease is over'),
  oldest_at: instant.nullable(),
  newest_at: instant.nullable(),
  declared: z.boolean().describe('false for a type that the application has no rules for any more'),
  keep: count.nullable().describe('How many of the newest are kept'),
  keep_seconds: z.number().nullable().describe('How long one is kept; null for as long as there is room'),
  surplus: count.describe('What a trim would remove now'),
})

/** The site that a call is about; a caller that is bound to a site may leave it out and name no other. */
export const site = lineOf(200).optional().describe('Needed from callers who are bound to no site')

const type = lineOf(100)
const target = lineOf(400)
const failure = '结果操作失败'

/** Durable results (rows D1 to D8); there where the application has given its results to the service. */
export const resultRoutes = {
  resultSites: {
    id: 'resultSites',
    method: 'GET',
    path: '/api/v1/results/sites',
    summary: 'The sites that have results, by name; to a caller bound to a site, that one',
    role: 'viewer',
    tag: 'results',
    tenantBound: true,
    query: z.strictObject(pageQuery),
    data: pageOf(z.strictObject({ site: z.string() })),
    failure,
  },
  resultShelves: {
    id: 'resultShelves',
    method: 'GET',
    path: '/api/v1/results/shelves',
    summary: 'What a site holds of each type: counts by state, and what is kept of it',
    role: 'viewer',
    tag: 'results',
    tenantBound: true,
    query: z.strictObject({ site }),
    data: z.strictObject({ site: z.string(), shelves: z.array(resultShelf) }),
    failure,
  },
  resultList: {
    id: 'resultList',
    method: 'GET',
    path: '/api/v1/results',
    summary: 'Results of a site in any state, the newest first, without their values',
    role: 'viewer',
    tag: 'results',
    tenantBound: true,
    query: z.strictObject({
      site,
      type: type.optional(),
      target: target.optional().describe('Needs type, too'),
      status: resultStatus.optional(),
      ...pageQuery,
    }),
    data: pageOf(resultRecord),
    failure,
  },
  resultHistory: {
    id: 'resultHistory',
    method: 'GET',
    path: '/api/v1/results/history',
    summary: 'Finished results of a target that were not invalidated, the newest first, with their values',
    role: 'operator',
    tag: 'results',
    tenantBound: true,
    query: z.strictObject({ site, type, target, limit: queryNumber(1, 100, 2), as_of: instant.optional() }),
    data: z.strictObject({ items: z.array(resultWithValue) }),
    failure,
  },
  resultRead: {
    id: 'resultRead',
    method: 'GET',
    path: '/api/v1/results/:id',
    summary: 'One result in any state, with its value',
    role: 'operator',
    tag: 'results',
    tenantBound: true,
    params: z.strictObject({ id: queryNumber(1, 2 ** 31 - 1, 0) }),
    query: z.strictObject({ site }),
    data: resultWithValue,
    failure,
  },
  resultInvalidate: {
    id: 'resultInvalidate',
    method: 'POST',
    path: '/api/v1/results/invalidate',
    summary: 'Invalidate results of a site: a target, a type, one, or all that was derived from something',
    role: 'operator',
    tag: 'results',
    audit: 'result.invalidate',
    tenantBound: true,
    body: z
      .strictObject({
        site,
        type: type.optional(),
        target: target.optional(),
        id: z.number().int().positive().optional(),
        tag: lineOf(200).optional(),
        model: lineOf(200).optional(),
        prompt_version: lineOf(200).optional(),
        source: lineOf(1_000).optional(),
        reason: lineOf(2_000).optional(),
      })
      .refine(
        ({ type: named, target: at, id, tag, model, prompt_version, source }) =>
          [named, id, tag, model, prompt_version, source].filter((one) => one !== undefined).length === 1 &&
          (at === undefined || named !== undefined),
        'Give exactly one of type (with target for one target), id, tag, model, prompt_version and source',
      ),
    data: z.strictObject({ results: count.describe('How many are invalidated now') }),
    failure,
  },
  resultTrim: {
    id: 'resultTrim',
    method: 'POST',
    path: '/api/v1/results/trim',
    summary: 'Remove what is over the limits of a type at a site now, instead of at night',
    role: 'admin',
    tag: 'results',
    audit: 'result.trim',
    tenantBound: true,
    body: z.strictObject({ site, type }),
    data: z.strictObject({ removed: count }),
    failure,
  },
} as const satisfies Record<string, Route>
