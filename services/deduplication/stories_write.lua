-- Writes stories that belong together with what their articles are told of them: all of a group, or nothing of it where
-- another worker was faster, or where a verdict is not there: Redis was emptied, and gives the story's number anew.
--
-- KEYS  stories of each day (newest first, from tomorrow), then copies of the last days
-- ARGV  [1] today, [2] days of stories, [3] days of copies; then groups: the numbers of stories and of articles, for
--       each story reference, version before (0: none), new state ('' where it was only looked at); for each article
--       record_id and 13 bytes
--
-- A state begins with its version in 4 bytes. A verdict begins with a byte that says whether its article has been
-- entered in a story, and the 13 bytes. Returns 1 for each group that was written, 0 for each that was not.

local today, story_days, copy_days = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local sub = string.sub

local function story_key(ref)
  local day = struct.unpack('>H', ref)
  local place = today + 2 - day
  if place >= 1 and place <= story_days then return KEYS[place], day end
end

local function verdict_of(record_id)
  for at = story_days + 1, story_days + copy_days do
    local packed = redis.call('HGET', KEYS[at], 'v' .. record_id)
    if packed then return KEYS[at], packed end
  end
end

local answers, at = {}, 4
while at <= #ARGV do
  local stories, articles = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local first_article = at + 2 + 3 * stories
  local free = true
  for place = at + 2, first_article - 1, 3 do
    local key = story_key(ARGV[place])
    local state = key and redis.call('HGET', key, sub(ARGV[place], 3))
    local version = state and struct.unpack('>I4', state) or 0
    if key and version ~= tonumber(ARGV[place + 1]) then free = false end
  end
  local verdicts = {}
  for place = first_article, first_article + 2 * articles - 1, 2 do
    local key, packed = verdict_of(ARGV[place])
    if not packed or string.byte(packed) ~= 0 then free = false end
    verdicts[place] = { key, packed }
  end
  if free then
    for place = at + 2, first_article - 1, 3 do
      local key, day = story_key(ARGV[place])
      if key and ARGV[place + 2] ~= '' then
        redis.call('HSET', key, sub(ARGV[place], 3), ARGV[place + 2])
        if redis.call('PTTL', key) == -1 then
          redis.call('PEXPIREAT', key, string.format('%d', (day + story_days - 1) * 86400000))
        end
      end
    end
    for place, found in pairs(verdicts) do
      redis.call('HSET', found[1], 'v' .. ARGV[place], '\1' .. ARGV[place + 1] .. sub(found[2], 15))
    end
  end
  answers[#answers + 1] = free and 1 or 0
  at = first_article + 2 * articles
end
return answers
