export { type Outcome, type ScheduleOptions, runSchedule } from './schedule.ts'
export { type Scheduler, createRandom, createScheduler } from './scheduler.ts'
export { type ModelServer, createModelServer } from './server.ts'
export { type Link, type LinkOptions, type Weather, createLink } from './link.ts'
