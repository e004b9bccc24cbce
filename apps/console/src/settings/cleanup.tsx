import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Slider } from '../controls/slider.tsx'
import { Part, Stack } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useAct } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'

/** Removes what is older than so many days. */
export function Cleanup() {
  const t = useTranslations('settings')
  const formats = useFormats()
  const [days, setDays] = useState(7)
  const [asking, setAsking] = useState(false)
  const cleanup = useAct('cacheCleanup', {
    onDone: ({ removed, bytes }) =>
      showDone(t('cleanupDone', { count: removed, bytes: formats.bytes(bytes) })),
  })
  return (
    <Part title={t('cleanup')}>
      <Stack>
        <p>{t('cleanupAbout', { days })}</p>
        <Slider label={t('days')} value={days} least={1} most={30} marks={[1, 7, 14, 30]} onSlide={setDays} />
        <Button kind="danger" disabled={cleanup.isPending} onClick={() => setAsking(true)}>
          {t('cleanupAct')}
        </Button>
      </Stack>
      <Confirm
        open={asking}
        title={t('cleanupTitle')}
        about={t('cleanupAbout', { days })}
        action={t('cleanupAct')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          cleanup.mutate({ query: { days } })
        }}
      />
    </Part>
  )
}
