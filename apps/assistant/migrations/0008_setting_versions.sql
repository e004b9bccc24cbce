-- Row A9: the settings of a category as they were after each change, whoever made it. What changes them by the
-- administration writes the version in the same transaction; what else changed them (the seed, SQL by hand) is written
-- down without a name, as a version of its own, before the next change or at the next start.
CREATE TABLE setting_versions (
  category text NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  -- By key: value, type and description.
  settings json NOT NULL,
  -- The keys that differ from the version before.
  changed text[] NOT NULL,
  operator_id text,
  reason text NOT NULL DEFAULT '',
  -- The version that this one brought back.
  restores integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (category, version)
);
