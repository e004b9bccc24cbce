import { both } from '../words/both.ts'

/** Texts of the spaces. */
export const spaceWords = both(
  {
    about: 'Every family of entries that has been used, and how well it does.',
    space: 'Space',
    hitRate: 'Hit rate',
    reads: 'Reads',
    loads: 'Loads',
    loadTime: 'Load time',
    shared: 'Shared',
    failures: 'Failures',
    entries: 'In memory',
    bytes: 'Size',
    none: 'No space has been used yet',
    noneAbout: 'Spaces appear here with their first read or write.',
  },
  {
    about: '所有使用过的条目族，以及它们的表现。',
    space: '空间',
    hitRate: '命中率',
    reads: '读取',
    loads: '加载',
    loadTime: '加载耗时',
    shared: '共享',
    failures: '失败',
    entries: '内存条目',
    bytes: '大小',
    none: '还没有使用过任何空间',
    noneAbout: '空间在首次读写后出现在这里。',
  },
)
