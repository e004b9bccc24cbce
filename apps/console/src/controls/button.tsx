import type { ComponentProps, ReactNode } from 'react'
import styles from './button.module.css'
import { classes } from './classes.ts'

/** A button; `danger` leads to harm, `harm` does it. */
export interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: 'plain' | 'primary' | 'quiet' | 'danger' | 'harm'
  readonly small?: boolean
  readonly children: ReactNode
}

/** A button with words on it. */
export function Button({ kind = 'plain', small = false, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(styles.button, styles[kind], small && styles.small, className)}
    />
  )
}

/** A button with a picture on it; `label` says what it does. */
export function IconButton({ label, className, ...rest }: ButtonProps & { readonly label: string }) {
  return (
    <Button
      kind="quiet"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(styles.square, className)}
    />
  )
}
