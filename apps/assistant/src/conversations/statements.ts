// The sessions of the assistant as operators see them.

// $1 is now.
const columns = `
  s.id, s.session_id, s.user_id, s.current_intent, s.created_at, s.updated_at, s.expires_at,
  CASE WHEN s.status = 'active' AND s.expires_at <= $1 THEN 'expired' ELSE s.status END AS status,
  (SELECT count(*)::integer FROM conversations c WHERE c.session_id = s.session_id) AS turns,
  (SELECT max(c.id) FROM conversations c WHERE c.session_id = s.session_id) AS newest`

export const selectConversations = `
  SELECT ${columns} FROM sessions s
  WHERE s.id < $2 AND ($3::text IS NULL OR s.user_id = $3) AND ($4::text IS NULL OR s.session_id = $4)
  ORDER BY s.id DESC LIMIT $5`
