-- Alarms. Each process writes down what it sees; whichever moves the round on evaluates the rules, in that transaction,
-- so there is one evaluation in a while however many processes there are, and none of them is special.

create table service_alarm_rounds (
  one boolean primary key default true check (one),
  at timestamptz
);
insert into service_alarm_rounds default values;

create table service_alarm_readings (
  process text primary key,
  at timestamptz not null,
  figures json not null
);

-- How the figure of a rule stands to its thresholds, and since when.
create table service_alarm_phases (
  rule text not null,
  subject text not null,
  phase text not null check (phase in ('quiet', 'rising', 'active', 'falling')),
  since timestamptz not null,
  value double precision,
  primary key (rule, subject)
);

create table service_alarms (
  id bigint generated always as identity primary key,
  rule text not null,
  subject text not null,
  message text not null,
  threshold double precision not null,
  value double precision not null,
  last_value double precision not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  note text
);
create unique index service_alarms_active on service_alarms (rule, subject) where ended_at is null;

-- What the webhook is to be told, written with what it tells; delivered at least once.
create table service_alarm_notices (
  id bigint generated always as identity primary key,
  alarm bigint not null references service_alarms (id) on delete cascade,
  event text not null check (event in ('raised', 'cleared')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  delivered_at timestamptz,
  error text
);
create index service_alarm_notices_due on service_alarm_notices (next_at) where delivered_at is null;
create index service_alarm_notices_alarm on service_alarm_notices (alarm, id);
