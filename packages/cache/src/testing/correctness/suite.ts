import type { Row } from './row.ts'
import { clockRows } from './rows-clocks.ts'
import { clusterRows } from './rows-cluster.ts'
import { invalidationRows } from './rows-invalidation.ts'
import { loadingRows } from './rows-loading.ts'
import { outageRows } from './rows-outage.ts'
import { valueRows } from './rows-values.ts'

/**
 * The correctness suite: where caches of this ecosystem fail, each as a row that any cache can be run against
 * through a `CacheAdapter`: `for (const row of correctnessRows) await runRow(row, { adapter, redisUrl })`.
 */
export const correctnessRows: readonly Row[] = [
  ...invalidationRows,
  ...loadingRows,
  ...outageRows,
  ...clusterRows,
  ...valueRows,
  ...clockRows,
]
