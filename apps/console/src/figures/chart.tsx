import { useEffect, useRef, useState } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { storedTheme } from '../shell/theme.ts'
import { storedLanguage } from '../words/language.ts'
import styles from './chart.module.css'
import { useFormats } from './use-formats.ts'

/** One line of a chart. */
export interface ChartLine {
  readonly name: string
  /** A colour of tokens.css. */
  readonly colour: string
  /** One for each of the times; null where there is none. */
  readonly values: readonly (number | null)[]
  /** Draws it broken, as what is beside another line. @default false */
  readonly dashed?: boolean
}

/** Of powers of ten the axis names these alone, and draws a line for each. */
const onlyPowers = (_: unknown, values: number[]): (number | null)[] =>
  values.map((value) => (Math.abs(Math.log10(value) % 1) < 1e-6 ? value : null))

/** The height of a chart, in pixels. */
const height = 180

// A canvas knows neither variables nor light-dark(); the browser works them out for an element. A new one each time, since
// the colour of one that changes may be on its way from the last.
function resolve(place: HTMLElement, colour: string): string {
  const probe = document.createElement('i')
  probe.style.color = colour
  place.append(probe)
  const resolved = getComputedStyle(probe).color
  probe.remove()
  return resolved
}

/** What a chart shows; `times` are seconds since 1970. */
export interface ChartProps {
  readonly label: string
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
  /** How a value is written; the same function at each drawing. */
  readonly format: (value: number) => string
  /** Gives each power of ten the same room, as for what spans several of them. @default false */
  readonly powers?: boolean | undefined
  /** What else is to be known of it. */
  readonly note?: string | undefined
}

/** Lines over time; the legend tells the values under the pointer, else the last ones. */
export default function Chart(props: ChartProps) {
  const theme = storedTheme.use()
  const language = storedLanguage.use()
  const shapes = JSON.stringify(
    props.lines.map(({ name, colour, dashed = false }): Shape => ({ name, colour, dashed })),
  )
  // What is on the canvas stays there: another theme, language or set of lines is drawn on another one.
  return <Canvas key={`${theme} ${language} ${shapes}`} shapes={shapes} {...props} />
}

function Canvas({
  label,
  times,
  lines,
  format,
  powers = false,
  note,
  shapes,
}: ChartProps & { readonly shapes: string }) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(undefined)
  const [pointed, setPointed] = useState<number | null>(null)
  const { clock } = useFormats()

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const made = draw(element, {
      shapes: JSON.parse(shapes) as Shape[],
      format,
      powers,
      clock,
      onPoint: setPointed,
    })
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [shapes, format, powers, clock])

  useEffect(() => {
    chart.current?.setData([[...times], ...lines.map(({ values }) => [...values])])
  }, [times, lines])

  const time = pointed === null ? undefined : times[pointed]
  return (
    <figure aria-label={label} role="img">
      <div className={styles.chart} ref={place} />
      <figcaption className={styles.legend}>
        {lines.map(({ name, colour, values, dashed = false }) => {
          const value = pointed === null ? values.findLast((one) => one !== null) : values[pointed]
          return (
            <span key={name}>
              <i style={{ borderTop: `3px ${dashed ? 'dotted' : 'solid'} ${colour}` }} />
              {name}
              <b>{value === null || value === undefined ? '–' : format(value)}</b>
            </span>
          )
        })}
        {time !== undefined && <time>{clock(time * 1000)}</time>}
        {note !== undefined && <p>{note}</p>}
      </figcaption>
    </figure>
  )
}

type Shape = Required<Omit<ChartLine, 'values'>>

function draw(
  element: HTMLElement,
  options: Pick<ChartProps, 'format'> & {
    readonly powers: boolean
    readonly shapes: readonly Shape[]
    readonly clock: (milliseconds: number) => string
    readonly onPoint: (index: number | null) => void
  },
): UPlot {
  const { shapes, format, powers, clock, onPoint } = options
  const axis = {
    stroke: resolve(element, 'var(--text-soft)'),
    grid: { stroke: resolve(element, 'var(--line)'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  }
  return new UPlot(
    {
      width: element.clientWidth,
      height,
      padding: [6, 12, 0, 0],
      legend: { show: false },
      cursor: { y: false },
      axes: [
        {
          ...axis,
          size: 28,
          space: 60,
          incrs: [60, 120, 300, 600, 900, 1800],
          values: (_, times) => times.map((time) => clock(time * 1000)),
        },
        {
          ...axis,
          size: 56,
          space: 32,
          values: (_, values: (number | null)[]) =>
            values.map((value) => (value === null ? '' : format(value))),
          ...(powers ? { filter: onlyPowers, grid: { ...axis.grid, filter: onlyPowers } } : {}),
        },
      ],
      scales: { y: powers ? { distr: 3 } : { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      series: [
        {},
        ...shapes.map(({ name, colour, dashed }) => ({
          label: name,
          stroke: resolve(element, colour),
          width: dashed ? 1.5 : 2,
          spanGaps: true,
          ...(dashed ? { dash: [3, 4] } : {}),
          // One value alone makes no line.
          points: {
            show: ({ data }: UPlot, index: number) =>
              (data[index] ?? []).filter((value) => typeof value === 'number').length === 1,
          },
        })),
      ],
    },
    [[], ...shapes.map(() => [])],
    element,
  )
}
