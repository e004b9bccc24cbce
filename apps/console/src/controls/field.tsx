import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'
import styles from './field.module.css'

interface Labelled {
  readonly label: string
  /** Shows the label to screen readers only. @default false */
  readonly hideLabel?: boolean
  readonly hint?: string | undefined
  readonly problem?: string | undefined
}

interface Ids {
  readonly id: string
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: true
}

function Frame({
  label,
  hideLabel = false,
  hint,
  problem,
  children,
}: Labelled & { readonly children: (ids: Ids) => ReactNode }) {
  const id = useId()
  const described = problem ?? hint
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={hideLabel ? 'unseen' : styles.label}>
        {label}
      </label>
      {children({
        id,
        ...(described === undefined ? {} : { 'aria-describedby': `${id}-more` }),
        ...(problem === undefined ? {} : { 'aria-invalid': true }),
      })}
      {described !== undefined && (
        <span id={`${id}-more`} className={problem === undefined ? styles.hint : styles.problem}>
          {described}
        </span>
      )}
    </div>
  )
}

/** A line of text with its label. */
export function TextField({
  label,
  hideLabel,
  hint,
  problem,
  className,
  ...rest
}: Labelled & ComponentProps<'input'>) {
  return (
    <Frame label={label} hideLabel={hideLabel ?? false} hint={hint} problem={problem}>
      {(ids) => <input {...rest} {...ids} className={classes(styles.input, className)} />}
    </Frame>
  )
}

/** A longer text with its label. */
export function TextArea({
  label,
  hideLabel,
  hint,
  problem,
  className,
  ...rest
}: Labelled & ComponentProps<'textarea'>) {
  return (
    <Frame label={label} hideLabel={hideLabel ?? false} hint={hint} problem={problem}>
      {(ids) => <textarea {...rest} {...ids} className={classes(styles.input, className)} />}
    </Frame>
  )
}

/** One of several values, in the browser's own list. */
export function SelectField<Value extends string>({
  label,
  hideLabel,
  value,
  options,
  onChoose,
}: Labelled & {
  readonly value: Value
  readonly options: readonly (readonly [value: Value, text: string])[]
  readonly onChoose: (value: Value) => void
}) {
  return (
    <Frame label={label} hideLabel={hideLabel ?? false}>
      {(ids) => (
        <select
          {...ids}
          className={styles.select}
          value={value}
          onChange={(event) => onChoose(event.target.value as Value)}
        >
          {options.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Frame>
  )
}
