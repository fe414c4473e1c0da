-- The states of stories, wherever mergers have taken them.
--
-- KEYS  records of each day (newest first, from tomorrow), then stories of the same days
-- ARGV  [1] today, [2] how many days, [3] the most mergers in a row, [4] how many of the references are to be followed;
--       then references to first records of stories, those to be followed first
--
-- Returns for each the reference of the story that it belongs to now (itself where it is not followed), and that state;
-- '' where there is none.

local today, days, most, followed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function place_of(ref)
  local place = today + 2 - struct.unpack('>H', ref)
  return place >= 1 and place <= days and place or nil
end

local answers = {}
for at = 5, #ARGV do
  local ref = ARGV[at]
  for _ = 1, at - 4 <= followed and most or 0 do
    local place = place_of(ref)
    local record = place and redis.call('HGET', KEYS[place], string.sub(ref, 3))
    if not record then break end
    local _, _, story = struct.unpack('>I4c4c6', record)
    if story == ref then break end
    ref = story
  end
  local place = place_of(ref)
  answers[#answers + 1] = ref
  answers[#answers + 1] = place and redis.call('HGET', KEYS[days + place], string.sub(ref, 3)) or ''
end
return answers
