-- What each process counted since it started, told with its place in the log, so that any one can tell of all.
alter table service_processes add column figures json;
