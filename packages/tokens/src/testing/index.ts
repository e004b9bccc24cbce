export type { IssueRule, TokenState } from './issuer.ts'
export {
  type AppView,
  type Misbehaviour,
  type PlatformName,
  type StandInApp,
  type StandInOptions,
  type StandInPlatform,
  startStandIn,
} from './platform.ts'
