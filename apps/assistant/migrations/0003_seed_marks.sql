-- Which rows of the seed were ever offered to this database, so that a row an operator removed stays removed.
CREATE TABLE seed_marks (
  kind text NOT NULL,
  name text NOT NULL,
  seeded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, name)
);
