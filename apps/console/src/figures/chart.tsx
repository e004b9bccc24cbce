import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { storedTheme } from '../shell/theme.ts'
import styles from './chart.module.css'

/** One line of a chart. */
export interface ChartLine {
  readonly name: string
  /** The name of a colour of tokens.css. */
  readonly colour: string
  readonly values: readonly number[]
}

/** The height of a chart, in pixels. */
const height = 180

// A canvas knows neither variables nor light-dark(); the browser works them out for an element.
function resolve(place: HTMLElement, colour: string): string {
  place.style.color = `var(${colour})`
  const resolved = getComputedStyle(place).color
  place.style.color = ''
  return resolved
}

/** What a chart shows; `times` are seconds since 1970. */
export interface ChartProps {
  readonly label: string
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
}

/** Lines over time. */
export default function Chart(props: ChartProps) {
  // Another theme has other colours, which are on the canvas.
  return <Canvas key={storedTheme.use()} {...props} />
}

function Canvas({ label, times, lines }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<UPlot>(undefined)
  const names = lines.map(({ name, colour }) => `${name}\n${colour}`).join('\n\n')

  useEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const axis = {
      stroke: resolve(element, '--text-soft'),
      grid: { stroke: resolve(element, '--line'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    }
    const made = new UPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false },
        axes: [axis, { ...axis, size: 44 }],
        scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        series: [
          {},
          ...names.split('\n\n').map((line) => {
            const [name = '', colour = ''] = line.split('\n')
            return { label: name, stroke: resolve(element, colour), width: 2, points: { show: false } }
          }),
        ],
      },
      [[], ...names.split('\n\n').map(() => [])],
      element,
    )
    chart.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [names])

  useEffect(() => {
    chart.current?.setData([[...times], ...lines.map(({ values }) => [...values])])
  }, [times, lines])

  return (
    <figure aria-label={label} role="img">
      <div className={styles.chart} ref={place} />
      <figcaption className={styles.legend}>
        {lines.map(({ name, colour }) => (
          <span key={name}>
            <i style={{ background: `var(${colour})` }} />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
