// Documents that are made of rows nobody else needs in this form.

export const selectRules = `
  SELECT rule_type, pattern, priority, is_active FROM slot_extraction_rules
  WHERE slot_id = $1 AND is_active ORDER BY priority DESC, id`

export const selectTransfers = `
  SELECT id, from_intent, to_intent, transfer_type, transfer_reason, saved_context, transferred_at, resumed_at
  FROM intent_transfers WHERE session_id = $1 ORDER BY id DESC LIMIT $2`

export const selectQueries = `
  SELECT user_input AS query, created_at FROM conversations
  WHERE session_id = $1 AND status = 'ragflow_handled' ORDER BY turn`

export const selectIntentsOfSession = `
  SELECT intent_recognized AS intent, s.context FROM conversations c JOIN sessions s USING (session_id)
  WHERE session_id = $1 ORDER BY turn`

// What is missing are required slots of the turn's intent without a valid value.
export const countMissing = `
  SELECT count(*)::integer AS missing FROM conversations c
  JOIN intents i ON i.intent_name = c.intent_recognized JOIN slots s ON s.intent_id = i.id AND s.is_required
  WHERE c.id = $1 AND NOT EXISTS (SELECT 1 FROM slot_values v
    WHERE v.conversation_id = c.id AND v.slot_id = s.id AND v.validation_status = 'valid')`
