-- Since when Redis remembers.
--
-- KEYS  where the beginning stands
-- ARGV  [1] the time now, in seconds since 1970, [2] seconds for which the beginning is kept after each look
--
-- Returns the time of the beginning.

local since = redis.call('GET', KEYS[1])
if since then
  redis.call('EXPIRE', KEYS[1], ARGV[2])
else
  since = ARGV[1]
  redis.call('SET', KEYS[1], since, 'EX', ARGV[2])
end
return since
