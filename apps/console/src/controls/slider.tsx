import { Slider as Radix } from 'radix-ui'
import styles from './slider.module.css'

/** A number chosen by sliding, with marks below. */
export function Slider({
  label,
  value,
  least,
  most,
  marks,
  onSlide,
}: {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly marks: readonly number[]
  readonly onSlide: (value: number) => void
}) {
  return (
    <div className={styles.frame}>
      <Radix.Root
        className={styles.root}
        value={[value]}
        min={least}
        max={most}
        step={1}
        onValueChange={([next]) => next !== undefined && onSlide(next)}
      >
        <Radix.Track className={styles.track}>
          <Radix.Range className={styles.range} />
        </Radix.Track>
        <Radix.Thumb className={styles.thumb} aria-label={label} />
      </Radix.Root>
      <div className={styles.marks} aria-hidden>
        {marks.map((mark) => (
          <button
            key={mark}
            type="button"
            tabIndex={-1}
            style={{ left: `${((mark - least) / (most - least)) * 100}%` }}
            onClick={() => onSlide(mark)}
          >
            {mark}
          </button>
        ))}
      </div>
    </div>
  )
}
