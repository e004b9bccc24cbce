import { both } from '../words/both.ts'

/** Texts of the last hour. */
export const historyWords = both(
  {
    perSecond: 'Reads and loads per second, last hour',
    hits: 'Hits',
    loads: 'Loads',
    errors: 'Errors',
    hitRate: 'Hit rate of the last hour',
  },
  {
    perSecond: '最近一小时每秒读取与加载',
    hits: '命中',
    loads: '加载',
    errors: '错误',
    hitRate: '最近一小时的命中率',
  },
)
