-- The states of stories, wherever mergers have taken them.
--
-- KEYS  records of each day (newest first, from tomorrow), then stories of the same days
-- ARGV  [1] today, [2] how many days, [3] the most mergers in a row, [4] how many of the references are to be followed;
--       then references to first records of stories, those to be followed first
--
-- Returns for each its reference and its state, '' where it has none; and, where it is followed, the same of the story that
-- it went into, of the one that this went into, and so on.

local today, days, most, followed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function place_of(ref)
  local place = today + 2 - struct.unpack('>H', ref)
  return place >= 1 and place <= days and place or nil
end

local answers = {}
for at = 5, #ARGV do
  local ref, chain = ARGV[at], {}
  for _ = 0, most do
    local place = place_of(ref)
    chain[#chain + 1] = ref
    chain[#chain + 1] = place and redis.call('HGET', KEYS[days + place], string.sub(ref, 3)) or ''
    local record = at - 4 <= followed and place and redis.call('HGET', KEYS[place], string.sub(ref, 3))
    if not record then break end
    local _, _, story = struct.unpack('>I4c4c6', record)
    if story == ref then break end
    ref = story
  end
  answers[#answers + 1] = chain
end
return answers
