import { type Database, openDatabase } from '@reprise/database'
import { openResults } from '@reprise/results'

/** The site and the type of every row. */
export const site = 'site-1'
export const type = 'note'
/** How many results each target has. */
const perTarget = 20

/** Fills a database with so many valid results of one site and type; the newest of each target is its head. */
export async function fillResults(database: Database, rows: number): Promise<void> {
  await (await openResults({ database, types: {} })).close()
  const targets = Math.max(1, Math.floor(rows / perTarget))
  await database.query(`insert into result_shelves values ($1, $2, $3)`, [site, type, rows])
  await database.query(
    `insert into results (site, type, target, number, status, head, value, model, rank, created_at, finished_at,
       expires_at, begun_after)
     select $1, $2, 'target-' || n % $4::bigint, n, 'valid', n > $3::bigint - $4::bigint,
       json_build_object('summary', repeat('billiards ', 30), 'score', n), 'qwen-max', 1, now(), now(),
       now() + interval '1 day', 0
     from generate_series(1, $3::bigint) n`,
    [site, type, rows, targets],
  )
  await database.query(
    `insert into result_labels (site, label, result) select site, 'model:qwen-max', id from results`,
  )
  for (const table of ['results', 'result_labels']) await database.query(`vacuum analyze ${table}`)
}

/** How many targets so many rows have. */
export const targetsOf = (rows: number): number => Math.max(1, Math.floor(rows / perTarget))

/** A database of its own on a server, filled, and a connection to it with the rights of an application. */
export async function filledDatabase(url: string, name: string, rows: number): Promise<Database> {
  const server = await openDatabase({ url })
  await server.query(`create database ${name}`)
  await server.close()
  const own = new URL(url)
  own.pathname = `/${name}`
  const owner = await openDatabase({ url: own.href })
  await fillResults(owner, rows)
  await owner.script(`create role ${name}_app login;
    grant select, insert, update, delete on all tables in schema public to ${name}_app`)
  await owner.close()
  own.username = `${name}_app`
  return openDatabase({ url: own.href, poolSize: 1 })
}
