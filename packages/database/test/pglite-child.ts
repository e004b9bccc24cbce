// Opens the folder named by the first argument, says what happened, and then writes rows until it is ended.
import { DatabaseError, openDatabase } from '../src/index.ts'

const [dataDir = ''] = process.argv.slice(2)
try {
  const database = await openDatabase({ dataDir })
  await database.script('create table if not exists written (n integer primary key, filler text)')
  for (let n = 1; ; n += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await database.query("insert into written values ($1, repeat('x', 2000))", [n])
    process.stdout.write(`wrote ${n}\n`)
  }
} catch (error) {
  process.stdout.write(DatabaseError.is(error) ? `${error.code} ${error.message}\n` : `${String(error)}\n`)
}
