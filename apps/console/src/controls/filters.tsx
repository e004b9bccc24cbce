import { type FormEvent, type ReactNode, useState } from 'react'
import { useSearchParams } from 'wouter'
import { Button } from './button.tsx'
import { TextField } from './field.tsx'
import styles from './filters.module.css'

/** What a list is narrowed to; it is kept in the address, so that it can be sent to somebody. */
export interface Filters<Name extends string> {
  readonly values: Readonly<Partial<Record<Name, string>>>
  /** Sets some of them; an empty text takes one away. With `push` the way back undoes it. */
  readonly set: (values: Readonly<Partial<Record<Name, string>>>, how?: 'push') => void
}

/** The filters with these names, from the address. */
export function useFilters<Name extends string>(names: readonly Name[]): Filters<Name> {
  const [search, setSearch] = useSearchParams()
  const values = Object.fromEntries(
    names.flatMap((name) => {
      const value = search.get(name) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  ) as Partial<Record<Name, string>>
  return {
    values,
    set(changes, how) {
      setSearch(
        (before) => {
          const after = new URLSearchParams(before)
          for (const [name, value] of Object.entries<string | undefined>(changes)) {
            if (value === undefined || value === '') after.delete(name)
            else after.set(name, value)
          }
          return after
        },
        { replace: how !== 'push' },
      )
    },
  }
}

/** A text to look for, sent by Enter, with other filters beside it. */
export function FilterBar({
  label,
  value,
  action,
  onSend,
  children,
}: {
  readonly label: string
  readonly value: string
  readonly action: string
  readonly onSend: (text: string) => void
  readonly children?: ReactNode
}) {
  const [text, setText] = useState(value)
  const send = (event: FormEvent): void => {
    event.preventDefault()
    onSend(text.trim())
  }
  return (
    <form className={styles.filters} role="search" onSubmit={send}>
      <div className={styles.grow}>
        <TextField
          label={label}
          hideLabel
          type="search"
          placeholder={label}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {children}
      <Button type="submit">{action}</Button>
    </form>
  )
}
