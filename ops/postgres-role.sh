# Run once by the image of PostgreSQL, when its volume is new: the user of the service, whom row-level security binds.
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username postgres <<'SQL'
create role reprise login password :'password';
create database reprise owner reprise;
SQL
