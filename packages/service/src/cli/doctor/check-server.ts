import { envelopeOf, routes } from '@reprise/api'
import { version } from '../../version.ts'
import { reasonOf } from './check-machine.ts'
import { type Finding, clockFinding, failed, ok, warning } from './finding.ts'

const health = envelopeOf(routes.health.data)

/** Looks at a server from outside: whether it answers and is healthy, its version and its clock. */
export async function checkServer(server: string): Promise<readonly Finding[]> {
  try {
    const before = Date.now()
    const url = new URL(routes.health.path.slice(1), server.endsWith('/') ? server : `${server}/`)
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    const after = Date.now()
    const told = health.safeParse(await answer.json())
    if (!told.success)
      return [
        failed('server', `${url.href} answered something else`, 'check that this is a server of Reprise'),
      ]
    // The header has whole seconds.
    const remote = Date.parse(answer.headers.get('date') ?? '') + 500
    const { data } = told.data
    return [
      ok('server', `${server} answers in ${after - before} ms`),
      data.version === version
        ? ok('version', version)
        : warning('version', data.version, `this command line is ${version}: use the same on both sides`),
      ...data.tiers.map(({ name, reachable }) => reach(`tier ${name}`, reachable)),
      reach(`database (${data.database.engine})`, data.database.reachable),
      ...(Number.isFinite(remote) ? [clockFinding('server clock', { before, remote, after })] : []),
    ]
  } catch (error) {
    return [failed('server', reasonOf(error), `check that it runs and that ${server} is its address`)]
  }
}

function reach(check: string, reachable: boolean): Finding {
  return reachable
    ? ok(check, 'reachable')
    : failed(check, 'cannot be reached', 'run `reprise doctor` on the machine of the server: it says why')
}
