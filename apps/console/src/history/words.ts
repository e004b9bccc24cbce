import { both } from '../words/both.ts'

/** Texts of the last hour. */
export const historyWords = both(
  {
    perSecond: 'Reads and loads per second, last hour',
    hits: 'Hits',
    loads: 'Loads',
    errors: 'Errors',
    tierTimes: 'How long tiers take, last hour',
    loadTimes: 'How long loads take, last hour',
    load: 'load',
    none: 'No load in the last hour',
    memory: 'A hit in memory takes less than a microsecond, which is not timed.',
    hitRate: 'Hit rate of the last hour',
  },
  {
    perSecond: '最近一小时每秒读取与加载',
    hits: '命中',
    loads: '加载',
    errors: '错误',
    tierTimes: '最近一小时各层耗时',
    loadTimes: '最近一小时加载耗时',
    load: '加载',
    none: '最近一小时没有加载',
    memory: '内存命中不到一微秒，不计时。',
    hitRate: '最近一小时的命中率',
  },
)
