// The dialogue's statements: sessions, turns and slot values.

export const selectSession = `
  SELECT id, session_id, user_id, context, created_at, expires_at > $2 AS alive
  FROM sessions WHERE session_id = $1`

export const insertSession = `
  INSERT INTO sessions (session_id, user_id, current_intent, context, created_at, updated_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id`

// The row lock makes turns of one session follow one another, in whatever process they run. The turns are counted by a
// statement of its own: one that waited for the lock still sees the turns of before.
export const lockSession = `SELECT id FROM sessions WHERE session_id = $1 FOR UPDATE`

export const selectLastTurn = `
  SELECT coalesce(max(turn), 0) AS turn FROM conversations WHERE session_id = $1`

export const updateSession = `
  UPDATE sessions SET current_intent = $2, context = $3, updated_at = $4, expires_at = $5 WHERE session_id = $1`

export const insertTurn = `
  INSERT INTO conversations (session_id, turn, user_input, intent_recognized, confidence, system_response,
    response_type, status, api_call_result, processing_time_ms, request_trace_id, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`

export const insertTransfer = `
  INSERT INTO intent_transfers (session_id, from_intent, to_intent, transfer_type, saved_context, transferred_at)
  VALUES ($1, $2, $3, $4, $5, $6)`

export const insertSlotValue = `
  INSERT INTO slot_values (conversation_id, slot_id, original_text, extracted_value, normalized_value, confidence,
    extraction_method, validation_status, source_turn, last_updated_turn, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
  ON CONFLICT (conversation_id, slot_id) DO NOTHING`

// What earlier turns filled stays with the newest turn, so that one row set tells all there is. A task that was
// interrupted has its values some turns back.
export const carrySlotValues = `
  INSERT INTO slot_values (conversation_id, slot_id, original_text, extracted_value, normalized_value, confidence,
    extraction_method, validation_status, is_confirmed, source_turn, last_updated_turn, created_at)
  SELECT DISTINCT ON (v.slot_id) $1::integer, v.slot_id, v.original_text, v.extracted_value, v.normalized_value,
    v.confidence, v.extraction_method, v.validation_status, v.is_confirmed OR $5, v.source_turn, v.last_updated_turn,
    v.created_at
  FROM slot_values v JOIN conversations c ON c.id = v.conversation_id JOIN slots s ON s.id = v.slot_id
    JOIN intents i ON i.id = s.intent_id
  WHERE c.session_id = $2 AND c.id <> $1 AND v.validation_status = 'valid' AND i.intent_name = $3
    AND s.slot_name = ANY ($4)
  ORDER BY v.slot_id, c.turn DESC
  ON CONFLICT (conversation_id, slot_id) DO NOTHING`

export const selectSlotValues = `
  SELECT v.id, v.slot_id, s.slot_name, v.original_text, v.extracted_value, v.normalized_value, v.confidence,
    v.extraction_method, v.validation_status, v.is_confirmed, v.created_at
  FROM slot_values v JOIN slots s ON s.id = v.slot_id WHERE v.conversation_id = $1 ORDER BY v.slot_id`

// A turn shows the values of the task that it was about; what it began besides is in slot_values only.
export const selectTurns = `
  SELECT c.turn, c.created_at, c.user_input, c.intent_recognized, c.confidence, c.system_response, c.response_type,
    c.api_call_result, c.processing_time_ms, c.request_trace_id,
    (SELECT json_object_agg(s.slot_name, v.extracted_value ORDER BY s.position) FROM slot_values v
      JOIN slots s ON s.id = v.slot_id JOIN intents i ON i.id = s.intent_id
      WHERE v.conversation_id = c.id AND v.last_updated_turn = c.turn AND i.intent_name = c.intent_recognized
    ) AS slots_extracted,
    (SELECT json_object_agg(s.slot_name, CASE WHEN s.entity_type IS NULL THEN v.normalized_value
        ELSE v.extracted_value END ORDER BY s.position) FROM slot_values v
      JOIN slots s ON s.id = v.slot_id JOIN intents i ON i.id = s.intent_id
      WHERE v.conversation_id = c.id AND v.validation_status = 'valid' AND i.intent_name = c.intent_recognized
    ) AS slots_filled
  FROM conversations c WHERE c.session_id = $1 ORDER BY c.turn DESC LIMIT $2`
