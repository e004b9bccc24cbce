-- What an operator looks at: the results of a site in any state, newest first, and generators that died, of all sites.

create index results_of_site on results (site, id);

-- Generators of all sites whose lease is over. It goes from site to site, each with one probe of the index of
-- generations: a policy that let one scope see all sites would be asked in every other query, too, and spoil its plan.
create function stuck_results(at timestamptz) returns bigint
language plpgsql volatile as $$
declare
  one text;
  stuck bigint := 0;
begin
  perform set_config('reprise.site', '*', true);
  foreach one in array array(select distinct site from result_shelves) loop
    perform set_config('reprise.site', one, true);
    stuck := stuck + (
      select count(*) from results
      where site = one and status = 'generating' and lease_until <= coalesce(at, now())
    );
  end loop;
  return stuck;
end
$$;
