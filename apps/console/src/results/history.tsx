import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { Facts } from '../figures/facts.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import type { ItemOf } from '../service/use-list.ts'
import { useAct, useRead } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import { Comparison, type Valued } from './comparison.tsx'
import styles from './history.module.css'

type Result = ItemOf<'resultList'>

/** A target: the result that was opened, and those before it, of which two can be compared. */
export function History({ result, onClose }: { readonly result: Result; readonly onClose: () => void }) {
  const t = useTranslations('results')
  const may = useMay()
  const [asking, setAsking] = useState(false)
  const { site, type, target, id } = result
  const values = useRead(
    'resultHistory',
    { query: { site, type, target, limit: 20 } },
    { enabled: may('resultHistory') },
  )
  const whole = useRead('resultRead', { params: { id }, query: { site } }, { enabled: may('resultRead') })
  const invalidate = useAct('resultInvalidate', {
    onDone: ({ results }) => {
      showDone(t('invalidatedNow', { count: results }))
      onClose()
    },
  })
  return (
    <Dialog title={t('history', { target })} open onClose={onClose} shape="side">
      <div className={dialog.stack}>
        <ResultFacts result={result} />
        {may('resultRead') ? (
          <Reading from={whole}>{({ value }) => <Tree value={value} label={t('value')} />}</Reading>
        ) : (
          <p>{t('noValues')}</p>
        )}
        {may('resultHistory') && <Reading from={values}>{({ items }) => <Timeline items={items} />}</Reading>}
        {may('resultInvalidate') && (
          <div className={dialog.foot}>
            <Button kind="danger" onClick={() => setAsking(true)}>
              {t('invalidate')}
            </Button>
          </div>
        )}
      </div>
      <Confirm
        open={asking}
        title={t('invalidateTitle', { target })}
        about={t('invalidateAbout')}
        action={t('invalidate')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          invalidate.mutate({ body: { site, type, target } })
        }}
      />
    </Dialog>
  )
}

function Timeline({ items }: { readonly items: readonly (Result & Valued)[] }) {
  const t = useTranslations('results')
  const formats = useFormats()
  const [chosen, setChosen] = useState<readonly number[]>([])
  const [comparing, setComparing] = useState(false)
  const [newer, older] = items.filter(({ id }) => chosen.includes(id))
  return (
    <section aria-label={t('compare')}>
      {items.length > 1 && <p>{t('compareAbout')}</p>}
      <ol className={styles.history}>
        {items.map((item) => (
          <li key={item.id} className={styles.item}>
            <div className={styles.head}>
              <label>
                <input
                  type="checkbox"
                  aria-label={t('choose', { id: String(item.id) })}
                  checked={chosen.includes(item.id)}
                  onChange={({ target: { checked } }) =>
                    setChosen(
                      checked ? [...chosen, item.id].slice(-2) : chosen.filter((one) => one !== item.id),
                    )
                  }
                />
                {formats.time(item.finished_at ?? item.created_at)}
              </label>
              <Badge>
                {item.strategy} · {item.model}
              </Badge>
              {item.upgraded_at !== null && <Badge tone="accent">{t('upgraded')}</Badge>}
              {item.score !== null && (
                <Badge tone="good">
                  {t('score')} {formats.count(item.score)}
                </Badge>
              )}
            </div>
          </li>
        ))}
      </ol>
      {items.length > 1 && (
        <Button disabled={newer === undefined || older === undefined} onClick={() => setComparing(true)}>
          {t('compare')}
        </Button>
      )}
      {comparing && newer !== undefined && older !== undefined && (
        <Comparison older={older} newer={newer} onClose={() => setComparing(false)} />
      )}
    </section>
  )
}

function ResultFacts({ result }: { readonly result: Result }) {
  const t = useTranslations('results')
  const formats = useFormats()
  const time = (instant: string | null): string | undefined =>
    instant === null ? undefined : formats.time(instant)
  return (
    <Facts
      facts={[
        [t('type'), result.type],
        [t('model'), result.model],
        [t('strategy'), result.strategy],
        [t('score'), result.score ?? undefined],
        [t('by'), result.triggered_by ?? undefined],
        [t('prompt'), result.prompt_version ?? undefined],
        [t('created'), time(result.created_at)],
        [t('finished'), time(result.finished_at)],
        [t('upgradedAt'), time(result.upgraded_at)],
        [t('expires'), time(result.expires_at)],
        [
          t('tokens'),
          result.input_tokens === null && result.output_tokens === null
            ? undefined
            : `${result.input_tokens ?? 0} + ${result.output_tokens ?? 0}`,
        ],
        [t('cost'), result.cost ?? undefined],
        [t('failure'), result.failure ?? undefined],
        [t('reason'), result.reason ?? undefined],
      ]}
    />
  )
}
