import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Part, Stack } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useAct } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'

/** Removes every entry of the application. */
export function Clear() {
  const t = useTranslations('settings')
  const formats = useFormats()
  const [asking, setAsking] = useState(false)
  const clear = useAct('cacheClear', {
    onDone: ({ removed, bytes }) => showDone(t('clearDone', { count: removed, bytes: formats.bytes(bytes) })),
  })
  return (
    <Part title={t('clear')}>
      <Stack>
        <p>{t('clearAbout')}</p>
        <Button kind="danger" disabled={clear.isPending} onClick={() => setAsking(true)}>
          {t('clear')}
        </Button>
      </Stack>
      <Confirm
        open={asking}
        title={t('clearTitle')}
        about={t('clearAbout')}
        action={t('clear')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          clear.mutate({})
        }}
      />
    </Part>
  )
}
