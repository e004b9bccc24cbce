export { ResultsError, resultsErrorCodes } from './errors.ts'
export type { ResultsErrorCode } from './errors.ts'
