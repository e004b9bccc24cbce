import styles from './figures.module.css'

/** The course of a figure, without axes: evenly spaced values, the last one marked. */
export function Sparkline({
  values,
  label,
  least,
  most,
}: {
  readonly values: readonly number[]
  readonly label: string
  /** The bottom of the picture. @default the smallest value */
  readonly least?: number
  /** The top of the picture. @default the largest value */
  readonly most?: number
}) {
  const low = least ?? Math.min(...values)
  const high = most ?? Math.max(...values)
  const span = high - low || 1
  const step = values.length > 1 ? 100 / (values.length - 1) : 0
  const y = (value: number): number => 31 - ((value - low) / span) * 28
  const points = values.map((value, index) => `${(index * step).toFixed(2)},${y(value).toFixed(2)}`)
  const last = values.at(-1)
  return (
    <svg
      className={styles.spark}
      viewBox="0 0 100 34"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {points.length > 1 && (
        <>
          <polygon points={`0,34 ${points.join(' ')} 100,34`} fill="var(--accent-soft)" />
          <polyline
            points={points.join(' ')}
            fill="none"
            stroke="var(--accent)"
            strokeWidth="1.6"
            vectorEffect="non-scaling-stroke"
            strokeLinejoin="round"
          />
        </>
      )}
      {last !== undefined && points.length === 1 && (
        <line
          x1="0"
          x2="100"
          y1={y(last)}
          y2={y(last)}
          stroke="var(--accent)"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  )
}
