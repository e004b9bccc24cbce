import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { TextField } from '../controls/field.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useAct } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'

/** Invalidates everything that carries a tag: first counts what would go, then asks. */
export function TagInvalidation({
  initial,
  onClose,
}: {
  readonly initial: string
  readonly onClose: () => void
}) {
  const t = useTranslations('entries')
  const formats = useFormats()
  const [tag, setTag] = useState(initial)
  const [reason, setReason] = useState('')
  const preview = useAct('invalidate', { changes: [] })
  const invalidate = useAct('invalidate', {
    changes: ['entries', 'invalidation', 'spaces', 'cache'],
    onDone: ({ invalidation }) => {
      showDone(t('gone', { id: invalidation?.invalidation_id ?? '' }))
      onClose()
    },
  })
  const seen = preview.data?.preview
  const counted = seen !== undefined && seen !== null && preview.variables?.body?.tags?.[0] === tag
  const why = reason === '' ? {} : { reason }
  return (
    <Dialog title={t('byTag')} open onClose={onClose}>
      <form
        className={dialog.stack}
        onSubmit={(event) => {
          event.preventDefault()
          preview.mutate({ body: { tags: [tag], dry_run: true } })
        }}
      >
        <p>{t('byTagAbout')}</p>
        <TextField
          label={t('tag')}
          placeholder={t('chooseTag')}
          value={tag}
          autoFocus
          onChange={(event) => setTag(event.target.value)}
        />
        <TextField label={t('why')} value={reason} onChange={(event) => setReason(event.target.value)} />
        {counted && (
          <p role="status">
            <strong>{t('wouldGo', { entries: seen.entries, bytes: formats.bytes(seen.bytes) })}</strong>{' '}
            {Object.entries(seen.spaces)
              .map(([space, count]) => `${space} ${count}`)
              .join(' · ')}
          </p>
        )}
        <div className={dialog.foot}>
          <Button type="submit" disabled={tag === '' || preview.isPending}>
            {t('count')}
          </Button>
          <Button
            kind="harm"
            disabled={!counted || seen.entries === 0 || invalidate.isPending}
            onClick={() => invalidate.mutate({ body: { tags: [tag], ...why } })}
          >
            {t('invalidate')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
