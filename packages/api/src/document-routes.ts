import { z } from 'zod'
import { pageOf, pageQuery } from './paging.ts'
import type { Route } from './route.ts'
import { count, instant, lineOf, queryNumber } from './text-fields.ts'

/** A version of a document that the application works by. */
export const documentVersion = z.strictObject({
  version: count.describe('From 1, without a gap'),
  in_use: z.boolean().describe('At most one of a document is'),
  replaces: count.nullable().describe('The version that was in use when it was saved'),
  username: z.string(),
  task_id: z.string().describe('The task that saved it, and tells why one would not do'),
  saved_at: instant,
})

const name = lineOf(100).describe('model-catalogue, …')

/** Documents that the application works by, in versions (row B7); there where it has some. The way back is a task `config-apply`. */
export const documentRoutes = {
  documentList: {
    id: 'documentList',
    method: 'GET',
    path: '/api/v1/documents',
    summary: 'The documents that the application works by, with the version in use',
    role: 'operator',
    tag: 'documents',
    data: z.strictObject({
      documents: z.array(
        z.strictObject({ name: z.string(), version: count.nullable().describe('null where none is in use') }),
      ),
    }),
  },
  documentVersions: {
    id: 'documentVersions',
    method: 'GET',
    path: '/api/v1/documents/versions',
    summary: 'The versions of a document, the newest first, those that would not do among them',
    role: 'operator',
    tag: 'documents',
    query: z.strictObject({ name, ...pageQuery }),
    data: pageOf(documentVersion),
  },
  documentVersion: {
    id: 'documentVersion',
    method: 'GET',
    path: '/api/v1/documents/version',
    summary: 'A version of a document, with the whole of it',
    role: 'operator',
    tag: 'documents',
    query: z.strictObject({ name, version: queryNumber(0, 2 ** 31 - 1, 0).describe('0: the one in use') }),
    data: documentVersion.extend({ document: z.json() }),
  },
} as const satisfies Record<string, Route>
