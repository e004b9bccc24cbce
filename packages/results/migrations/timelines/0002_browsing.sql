-- Who looks for sites names no site; it sees which sessions there are, and none of their events.
create policy timeline_sessions_listed on timeline_sessions for select
  using (current_setting('reprise.list_sites', true) = 'yes');
