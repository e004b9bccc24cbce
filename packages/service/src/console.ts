import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { routes } from '@reprise/api'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** Where the build puts the console: in the published package, and in the repository after a build. */
const built = fileURLToPath(new URL('../dist/console/', import.meta.url))

const path = '/console/'

/**
 * What the page of the console may do: its own scripts, styles, pictures and calls, and nothing else. The nonce is for
 * the one style element that its dialogs write, which keeps the page behind them from scrolling.
 */
function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * Serves the console at `/console/` (row B10), and leads there from `/` when the application has nothing at `/`. Its
 * files are named by their content and may be kept for ever; the page itself is asked for anew each time, and answers
 * at every path under `/console/`, whose pages it makes.
 * @returns false when nothing is built in the directory, and then serves nothing
 */
export function registerConsole(app: FastifyInstance, directory: string = built): boolean {
  const file = join(directory, 'index.html')
  if (!existsSync(file)) return false
  const html = readFileSync(file, 'utf8')
  // Once all routes are there: the console offers what this service has.
  const mounted = (): string =>
    Object.values(routes)
      .filter(({ method, path: url }) => app.hasRoute({ method, url }))
      .map(({ id }) => id)
      .join(' ')
  const sendPage = (_request: unknown, reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64')
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentPolicy(nonce))
      .send(html.replace('__ROUTES__', mounted()).replace('__NONCE__', nonce))
  }
  const hidden = { schema: { hide: true } }
  app.register(fastifyStatic, {
    root: join(directory, 'assets'),
    prefix: `${path}assets/`,
    decorateReply: false,
    index: false,
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    schemaHide: true,
  })
  const icon = readFileSync(join(directory, 'icon.svg'))
  app.get(`${path}icon.svg`, hidden, (_request, reply) => reply.type('image/svg+xml').send(icon))
  app.get(path, hidden, sendPage)
  app.get(`${path}*`, hidden, sendPage)
  app.get(path.slice(0, -1), hidden, (_request, reply) => reply.redirect(path))
  if (!app.hasRoute({ method: 'GET', url: '/' })) {
    app.get('/', hidden, (_request, reply) => reply.redirect(path))
  }
  return true
}
