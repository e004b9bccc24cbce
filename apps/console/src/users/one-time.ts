/** A password that was made for somebody, to be shown once. */
export interface OneTime {
  readonly username: string
  readonly password: string
}
