import { useTranslations } from 'use-intl'
import { UsageBar } from '../figures/bar.tsx'
import { Card, Cards } from '../figures/card.tsx'
import { PageHead, Part, Parts, Stack, Two } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { CacheDetails } from './cache-details.tsx'
import { Cleanup } from './cleanup.tsx'
import { Clear } from './clear.tsx'

/** What is kept and ways to make room, as document 001 has it (row B2). */
export function CacheManagement() {
  const t = useTranslations('settings')
  const formats = useFormats()
  const may = useMay()
  const stats = useRead('cacheStats')
  const backend = useRead('cacheBackendInfo')
  return (
    <>
      <PageHead title={t('cache')} about={t('cacheAbout')} />
      <Parts>
        <Reading from={stats} lines={3}>
          {({ totalFiles, totalSize, maxSize, stockDataCount, newsDataCount, analysisDataCount }) => (
            <>
              <Cards>
                <Card name={t('files')} value={formats.count(totalFiles)} />
                <Card name={t('size')} value={formats.bytes(totalSize)} />
                <Card name={t('stock')} value={formats.count(stockDataCount)} />
                <Card name={t('news')} value={formats.count(newsDataCount)} />
                <Card name={t('analysis')} value={formats.count(analysisDataCount)} />
              </Cards>
              <Part
                title={t('usage')}
                more={
                  maxSize === 0
                    ? t('unbounded', { used: formats.bytes(totalSize) })
                    : t('usageOf', { used: formats.bytes(totalSize), bound: formats.bytes(maxSize) })
                }
              >
                <Stack>
                  {maxSize > 0 && <UsageBar share={totalSize / maxSize} label={t('usage')} />}
                  {backend.data !== undefined && (
                    <p>{t('backend', { name: backend.data.primary_backend })}</p>
                  )}
                </Stack>
              </Part>
            </>
          )}
        </Reading>
        <Two>
          {may('cacheCleanup') && <Cleanup />}
          {may('cacheClear') && <Clear />}
        </Two>
        <CacheDetails />
      </Parts>
    </>
  )
}
