// Statements of the configuration's administration. Names of tables and columns come from the table definitions only.

export const intentOfId = `SELECT intent_name FROM intents WHERE id = $1`
export const slotsOfIntent = `SELECT id, slot_name FROM slots WHERE intent_id = $1 ORDER BY id`
export const slotOfId = `SELECT id, intent_id FROM slots WHERE id = $1`
export const functionsOfIntent = `SELECT function_name FROM function_calls WHERE intent_id = $1`
export const entityTypeOfCode = `SELECT id FROM entity_types WHERE type_code = $1`
export const slotsOfEntityType = `SELECT slot_name FROM slots WHERE entity_type = $1 ORDER BY id`
export const statusCodes = `SELECT status_code FROM conversation_statuses ORDER BY id`
export const statusesLeadingTo = `
  SELECT status_code FROM conversation_statuses
  WHERE $1 = ANY (next_allowed_status) AND status_code <> $1 ORDER BY id`

export const costCenterRule = `
  SELECT (config_value ->> 'cost_center_validation')::boolean AS enforced FROM system_configs
  WHERE category = 'system_thresholds' AND config_key = 'enterprise_specific'`

// Whether $2 already leads to $3 by required dependencies.
export const requiredLoop = `
  WITH RECURSIVE chain AS (
    SELECT dependent_slot_id AS slot FROM slot_dependencies
    WHERE intent_id = $1 AND dependency_type = 'required' AND parent_slot_id = $2
    UNION
    SELECT d.dependent_slot_id FROM slot_dependencies d JOIN chain ON d.parent_slot_id = chain.slot
    WHERE d.intent_id = $1 AND d.dependency_type = 'required'
  )
  SELECT slot FROM chain WHERE slot = $3`

export const selectPage = (table: string, key: string): string => `
  SELECT *, count(*) OVER ()::integer AS total_rows FROM ${table} ORDER BY ${key} LIMIT $1 OFFSET $2`

export const countRows = (table: string): string => `SELECT count(*)::integer AS rows FROM ${table}`

export const selectRow = (table: string, key: string): string => `SELECT * FROM ${table} WHERE ${key} = $1`

export const lockRow = (table: string, key: string): string => `${selectRow(table, key)} FOR UPDATE`

export const insertRow = (table: string, columns: readonly string[]): string => `
  INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
  RETURNING *`

// clock_timestamp(): two changes of one transaction are not to look like one.
export const updateRow = (table: string, key: string, columns: readonly string[]): string => `
  UPDATE ${table} SET ${columns.map((column, index) => `${column} = $${index + 2}, `).join('')}
    updated_at = clock_timestamp()
  WHERE ${key} = $1 RETURNING *`

export const deleteRow = (table: string, key: string): string => `DELETE FROM ${table} WHERE ${key} = $1`

// One change of settings at a time, so that versions follow one another; readers do not wait.
export const lockVersions = `LOCK TABLE setting_versions IN SHARE ROW EXCLUSIVE MODE`

export const selectSettings = `
  SELECT id, category, config_key, config_value, value_type, description FROM system_configs ORDER BY category, id`

const versionColumns = `
  category, version, settings, changed, operator_id, reason, restores, created_at`

export const selectNewestVersions = `
  SELECT DISTINCT ON (category) ${versionColumns} FROM setting_versions ORDER BY category, version DESC`

export const selectVersions = `
  SELECT ${versionColumns} FROM setting_versions
  WHERE category = $1 AND version < $2 ORDER BY version DESC LIMIT $3`

export const selectVersion = `SELECT ${versionColumns} FROM setting_versions WHERE category = $1 AND version = $2`

export const insertVersion = `
  INSERT INTO setting_versions (category, version, settings, changed, operator_id, reason, restores)
  VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${versionColumns}`
