-- Leases deliveries that are due: for the length of the lease nobody else is given them.
-- KEYS[1]: prefix of all keys. ARGV: now, end of the lease, most for each webhook, then the webhooks.
-- Returns webhook, alert id, payload, failures so far and number of the lease, one after another.
local taken = {}
for i = 4, #ARGV do
  local webhook = ARGV[i]
  local due = KEYS[1] .. ':due:' .. webhook
  for _, alert in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
    local item = KEYS[1] .. ':item:' .. webhook .. ':' .. alert
    local held = redis.call('HMGET', item, 'payload', 'failures')
    if held[1] then
      redis.call('ZADD', due, ARGV[2], alert)
      local lease = redis.call('HINCRBY', item, 'lease', 1)
      for _, value in ipairs({webhook, alert, held[1], held[2], lease}) do
        taken[#taken + 1] = value
      end
    else
      redis.call('ZREM', due, alert)
    end
  end
end
return taken
