-- A change whose result is not kept here, such as a removal. Guarantees that no state older than it stays or comes back.
-- KEYS[1] session; ARGV[1] version of the change.
if version() >= tonumber(ARGV[1]) then return 0 end
mark(ARGV[1])
return 1
