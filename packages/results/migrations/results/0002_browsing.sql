-- What an operator looks at: the results of a site in any state, newest first, and generators that died, of all sites.

create index results_of_site on results (site, id);

-- The scope `*`, which no site can be named, sees generations of every site; they have no value yet.
create policy generating_listed on results for select
  using (status = 'generating' and current_setting('reprise.site', true) = '*');
