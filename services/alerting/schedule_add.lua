-- Schedules deliveries that are not known yet; what is known, finished or not, stays as it is.
-- KEYS[1]: prefix of all keys. ARGV[1]: now. Then, for each delivery: webhook, alert id, payload.
-- Their webhooks are noted in a set, so that none is forgotten when the rule file no longer names it.
-- Returns for each 1 where it was scheduled, 0 where it was known.
local answers = {}
for i = 2, #ARGV, 3 do
  local webhook, alert, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local item = KEYS[1] .. ':item:' .. webhook .. ':' .. alert
  redis.call('SADD', KEYS[1] .. ':webhooks', webhook)
  if redis.call('EXISTS', item) == 1 then
    answers[#answers + 1] = 0
  else
    redis.call('HSET', item, 'state', 'pending', 'payload', payload, 'failures', 0, 'lease', 0)
    redis.call('ZADD', KEYS[1] .. ':due:' .. webhook, ARGV[1], alert)
    answers[#answers + 1] = 1
  end
end
return answers
