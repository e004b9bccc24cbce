/** What one invalidation costs, measured: CPU of the sender, of Redis and of a follower, and bytes on the wire. */
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startChild } from './child.ts'
import type { services as crowdServices } from './crowd.ts'
import { median } from './figures.ts'
import { inParallel, news, openNews, steady } from './news.ts'
import type { services as readerServices } from './reader.ts'

/** Costs of the log, in microseconds of CPU and bytes. */
export interface LogCosts {
  /** Of the sender for one invalidation by tag and by key, many at a time. */
  readonly senderTag: number
  readonly senderKey: number
  /** Of Redis for one record, without followers, by tag and by key, the removal of the key included. */
  readonly appendTag: number
  readonly appendKey: number
  /** Of Redis for one key of records of 100 keys. */
  readonly appendEach: number
  /** Of Redis for one look of one follower that waits, gets one record and looks again. */
  readonly wake: number
  /** Of Redis for one record within a page of up to 1,000. */
  readonly deliver: number
  /** Of a follower for one record that came alone, and for one within a page. */
  readonly followAlone: number
  readonly followPaged: number
  /** Bytes that leave Redis for one record: alone, and within a page. */
  readonly bytesAlone: number
  readonly bytesPaged: number
  /** Records a second that one sender wrote. */
  readonly rate: number
}

interface Usage {
  readonly cpu: number
  readonly output: number
}

/** Measures with so many invalidations each. */
export async function measureLogCosts(url: string, count: number): Promise<LogCosts> {
  const admin = new Redis(url)
  const sender = await openNews(url)
  const loose = sender.open(news.loose)
  const usage = async (): Promise<Usage> => {
    const info = await admin.info()
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1] ?? Number.NaN)
    return {
      cpu: (field('used_cpu_user') + field('used_cpu_sys')) * 1e6,
      output: field('total_net_output_bytes'),
    }
  }
  const during = async (
    work: () => Promise<unknown>,
  ): Promise<Usage & { readonly own: number; readonly ms: number }> => {
    const before = await usage()
    const startedAt = steady()
    const own = process.cpuUsage()
    await work()
    const spent = process.cpuUsage(own)
    const ms = steady() - startedAt
    const after = await usage()
    return {
      cpu: after.cpu - before.cpu,
      output: after.output - before.output,
      own: spent.user + spent.system,
      ms,
    }
  }
  const byTag = async (id: number): Promise<unknown> => sender.invalidate({ tags: [`news:${id}`] })
  const byKey = async (id: number): Promise<unknown> => sender.invalidate({ keys: [loose.key({ id })] })
  const hundred = Array.from({ length: 100 }, (_, at) => at)
  const byHundred = async (id: number): Promise<unknown> =>
    sender.invalidate({ keys: hundred.map((at) => loose.key({ id: `${id}-${at}` })) })
  const paced = async (records: number): Promise<void> => {
    for (let id = 0; id < records; id += 1) {
      await byTag(id)
      await delay(1)
    }
  }

  await inParallel(2_000, 32, byTag)
  const tag = await during(() => inParallel(count, 32, byTag))
  const key = await during(() => inParallel(count, 32, byKey))
  const many = await during(() => inParallel(count / 100, 8, byHundred))

  const crowd = startChild<typeof crowdServices>('crowd')
  await crowd.ask('readAll', url)
  let read = 0
  const pages = await during(async () => {
    for (let time = 0; time < 5; time += 1) read += await crowd.ask('readAll', url)
  })

  const few = Math.max(200, Math.round(count / 20))
  const followers = 20
  const wakes: number[] = []
  const bytes: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const alone = await during(() => paced(few))
    await crowd.ask('start', { url, count: followers })
    await crowd.ask('counts')
    const crowded = await during(() => paced(few))
    const { records } = await crowd.ask('counts')
    await crowd.ask('stop')
    wakes.push((crowded.cpu - alone.cpu) / records)
    bytes.push((crowded.output - alone.output) / records)
  }
  await crowd.stop()

  const reader = startChild<typeof readerServices>('reader')
  await reader.ask('open', { url, direct: url })
  const spent = async (work: () => Promise<unknown>): Promise<number> => {
    const before = await reader.ask('cpu')
    await work()
    const after = await reader.ask('cpu')
    return after.user + after.system - before.user - before.system
  }
  await paced(few)
  await reader.ask('disappeared')
  const live = await spent(async () => {
    await paced(few)
    await delay(50)
  })
  const { applied: one } = await reader.ask('disappeared')
  const behind = await spent(async () => {
    process.kill(reader.pid, 'SIGSTOP')
    await inParallel(count, 32, byTag)
    process.kill(reader.pid, 'SIGCONT')
    await reader.ask('reached', count)
  })
  const { applied: paged } = await reader.ask('disappeared')
  await reader.ask('close')
  await reader.stop()
  await sender.close()
  admin.disconnect()
  return {
    senderTag: tag.own / count,
    senderKey: key.own / count,
    appendTag: tag.cpu / count,
    appendKey: key.cpu / count,
    appendEach: many.cpu / count,
    wake: median(wakes),
    deliver: pages.cpu / read,
    followAlone: live / one,
    followPaged: behind / paged,
    bytesAlone: median(bytes),
    bytesPaged: pages.output / read,
    rate: (count / tag.ms) * 1_000,
  }
}
