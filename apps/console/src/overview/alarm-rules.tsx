import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { type Rule, ruleFigure } from './rule-figure.ts'

type Figure = Rule['figures'][number]

const phaseTones: Readonly<Record<Figure['phase'], Tone>> = {
  quiet: 'good',
  rising: 'warn',
  active: 'bad',
  falling: 'warn',
}

/** What is watched: each rule with its thresholds, and how its figures stand now, the lag behind the log among them. */
export function AlarmRules() {
  const t = useTranslations('overview')
  const formats = useFormats()
  const read = useRead('alarmRules', {}, { every: 10_000 })
  const columns: readonly Column<{ readonly rule: Rule; readonly figure: Figure | undefined }>[] = [
    {
      id: 'rule',
      header: t('rule'),
      width: 190,
      narrow: 150,
      cell: ({ rule, figure }) => (
        <span title={rule.about}>
          {t(rule.rule)} {figure?.subject}
        </span>
      ),
    },
    {
      id: 'now',
      header: t('figure'),
      align: 'end',
      width: 80,
      cell: ({ rule, figure }) =>
        figure === undefined || figure.value === null ? '–' : ruleFigure(formats, rule.rule, figure.value),
    },
    {
      id: 'threshold',
      header: t('threshold'),
      width: 180,
      wideOnly: true,
      cell: ({ rule }) =>
        t(rule.beyond, {
          value: ruleFigure(formats, rule.rule, rule.on),
          time: rule.for_seconds === 0 ? t('atOnce') : formats.duration(rule.for_seconds * 1000),
        }),
    },
    {
      id: 'phase',
      header: t('state'),
      width: 100,
      cell: ({ rule, figure }) => {
        if (!rule.enabled) return <Badge>{t('off')}</Badge>
        if (figure === undefined) return <Badge>{t('noFigure')}</Badge>
        return <Badge tone={phaseTones[figure.phase]}>{t(figure.phase)}</Badge>
      },
    },
  ]
  return (
    <Part title={t('rules')}>
      <Reading from={read}>
        {({ rules }) => (
          <DataTable
            caption={t('rules')}
            columns={columns}
            rows={rules.flatMap((rule) =>
              (rule.figures.length === 0 ? [undefined] : rule.figures).map((figure) => ({ rule, figure })),
            )}
            keyOf={({ rule, figure }) => `${rule.rule} ${figure?.subject ?? ''}`}
          />
        )}
      </Reading>
    </Part>
  )
}
