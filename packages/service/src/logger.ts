import { type DestinationStream, type Logger, pino } from 'pino'

/** A JSON logger for the service; tokens and passwords never reach its lines. */
export function createLogger(options: {
  readonly level: string
  /** @default standard output */
  readonly destination?: DestinationStream
}): Logger {
  const settings = {
    level: options.level,
    redact: {
      paths: [
        'authorization',
        'password',
        'token',
        '*.authorization',
        '*.password',
        '*.token',
        '*.current_password',
        '*.new_password',
        'req.headers.authorization',
        'req.headers.cookie',
        'headers.authorization',
      ],
      censor: '[redacted]',
    },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}
