-- Writes down what became of a leased delivery.
-- KEYS[1]: prefix of all keys. ARGV: webhook, alert id, lease, what (delivered, retry, park), time, seconds to keep.
-- Delivered is true whoever says it, and final. A retry or parking counts only from the holder of the lease.
-- Returns 1 where it was written, 0 where the delivery is finished already or leased to somebody else by now.
local webhook, alert, lease, what, time, keep = unpack(ARGV)
local item = KEYS[1] .. ':item:' .. webhook .. ':' .. alert
local due = KEYS[1] .. ':due:' .. webhook
local parked = KEYS[1] .. ':parked:' .. webhook
local held = redis.call('HMGET', item, 'state', 'lease')
if what == 'delivered' then
  redis.call('HSET', item, 'state', 'delivered')
  redis.call('HDEL', item, 'payload')
  redis.call('EXPIRE', item, keep)
  redis.call('ZREM', due, alert)
  redis.call('ZREM', parked, alert)
  return 1
end
if held[1] ~= 'pending' or held[2] ~= lease then
  return 0
end
redis.call('HINCRBY', item, 'lease', 1) -- the same call again changes nothing
redis.call('HINCRBY', item, 'failures', 1)
if what == 'retry' then
  redis.call('ZADD', due, time, alert)
else
  redis.call('HSET', item, 'state', 'parked')
  redis.call('EXPIRE', item, keep)
  redis.call('ZREM', due, alert)
  redis.call('ZREMRANGEBYSCORE', parked, '-inf', time - keep * 1000) -- their items have expired
  redis.call('ZADD', parked, time, alert)
  redis.call('EXPIRE', parked, keep) -- with the last of its items
end
return 1
