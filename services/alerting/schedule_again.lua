-- Schedules parked deliveries again, with all attempts before them.
-- KEYS[1]: prefix of all keys. ARGV: webhook, now, then alert ids. Returns how many.
local webhook, now = ARGV[1], ARGV[2]
local parked = KEYS[1] .. ':parked:' .. webhook
local again = 0
for i = 3, #ARGV do
  local item = KEYS[1] .. ':item:' .. webhook .. ':' .. ARGV[i]
  if redis.call('HGET', item, 'state') == 'parked' then
    redis.call('HSET', item, 'state', 'pending', 'failures', 0)
    redis.call('PERSIST', item)
    redis.call('ZADD', KEYS[1] .. ':due:' .. webhook, now, ARGV[i])
    again = again + 1
  end
  redis.call('ZREM', parked, ARGV[i])
end
return again
