-- Claims alerts for the records that found them; the first record wins and its payload stays.
-- KEYS[i]: one alert. ARGV[1]: seconds to keep. Then, for each key: record id, payload.
-- Returns for each key the payload to publish (the first one given, also to the same record's replay), or false.
local keep = tonumber(ARGV[1])
local answers = {}
for i, key in ipairs(KEYS) do
  local record, payload = ARGV[2 * i], ARGV[2 * i + 1]
  local held = redis.call('HMGET', key, 'record', 'payload')
  if not held[1] then
    redis.call('HSET', key, 'record', record, 'payload', payload)
    answers[i] = payload
  elseif held[1] == record then
    answers[i] = held[2]
  else
    answers[i] = false
  end
  redis.call('EXPIRE', key, keep) -- lives on as long as the story does
end
return answers
