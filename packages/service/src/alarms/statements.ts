/** $1 process, $2 now, $3 figures. */
export const saveReading = `insert into service_alarm_readings (process, at, figures) values ($1, $2, $3::json)
  on conflict (process) do update set at = $2, figures = $3::json`

/** $1 now, $2 the instant that the last round must not be after. A row for whoever is to evaluate; others wait, and get none. */
export const moveRound = `update service_alarm_rounds set at = $1 where at is null or at <= $2 returning at`

/** $1 the instant before which a reading is of a process that is gone. */
export const forgetReadings = `delete from service_alarm_readings where at < $1`

export const readings = `select figures from service_alarm_readings`

export const phases = `select rule, subject, phase, since, value from service_alarm_phases order by rule, subject`

/** $1 rule, $2 subject, $3 phase, $4 since, $5 value. */
export const savePhase = `insert into service_alarm_phases (rule, subject, phase, since, value)
  values ($1, $2, $3, $4, $5) on conflict (rule, subject) do update set phase = $3, since = $4, value = $5`

/** $1 rule, $2 subject. */
export const forgetPhase = `delete from service_alarm_phases where rule = $1 and subject = $2`

const columns = `id, rule, subject, message, threshold, value, last_value, started_at, ended_at, acknowledged_at,
  acknowledged_by, note`

/** $1 rule, $2 subject, $3 message, $4 threshold, $5 value, $6 now. */
export const raise = `insert into service_alarms (rule, subject, message, threshold, value, last_value, started_at)
  values ($1, $2, $3, $4, $5, $5, $6) on conflict (rule, subject) where ended_at is null do nothing returning ${columns}`

/** $1 rule, $2 subject, $3 now, $4 value or null. */
export const clear = `update service_alarms set ended_at = $3, last_value = coalesce($4, last_value)
  where rule = $1 and subject = $2 and ended_at is null returning ${columns}`

/** $1 rule, $2 subject, $3 value. */
export const renew = `update service_alarms set last_value = $3 where rule = $1 and subject = $2 and ended_at is null`

/** $1 alarm, $2 event, $3 now. */
export const insertNotice = `insert into service_alarm_notices (alarm, event, next_at) values ($1, $2, $3)`

/** $1 a message for every process. */
export const notify = `select pg_notify('reprise_alarms', $1)`

const webhook = `(select case when delivered_at is not null then 'delivered' when attempts >= 12 then 'failed'
    else 'pending' end
  from service_alarm_notices where alarm = service_alarms.id order by id desc limit 1) as webhook`

/** $1 active, past or all, $2 the id that all are below, $3 limit. */
export const list = `select ${columns}, ${webhook} from service_alarms
  where ($1 = 'all' or ($1 = 'active') = (ended_at is null)) and id < $2 order by id desc limit $3`

/** $1 id, $2 now, $3 who, $4 note: the first acknowledgement stays. */
export const acknowledge = `update service_alarms set acknowledged_at = coalesce(acknowledged_at, $2),
    acknowledged_by = coalesce(acknowledged_by, $3),
    note = case when acknowledged_at is null then $4 else note end
  where id = $1 returning ${columns}, ${webhook}`

export const lastRound = `select at from service_alarm_rounds`

export const activeByRule = `select rule, count(*) as alarms from service_alarms where ended_at is null group by rule`

/**
 * $1 now, $2 most. Takes notices that are due; whoever dies with one leaves it to be tried again after its pause: 2 s,
 * then twice as long up to five minutes, twelve times.
 */
export const takeNotices = `update service_alarm_notices set attempts = attempts + 1,
    next_at = $1::timestamptz + least(300, 2 ^ (attempts + 1)) * interval '1 second'
  where id in (
    select id from service_alarm_notices where delivered_at is null and next_at <= $1 and attempts < 12
    order by id limit $2 for update skip locked
  ) returning id, alarm, event`

/** $1 ids. */
export const alarmsOf = `select ${columns} from service_alarms where id = any ($1::bigint[])`

/** $1 id, $2 now. */
export const delivered = `update service_alarm_notices set delivered_at = $2, error = null where id = $1`

/** $1 id, $2 why. */
export const undelivered = `update service_alarm_notices set error = $2 where id = $1`
