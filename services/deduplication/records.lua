-- The settings, the keys of each day, and the records that are kept of articles. See `judge.lua`.

local set = cjson.decode(ARGV[1])
for name, value in pairs(constants) do set[name] = value end
for name, judgement in pairs(judgements) do
  judgement.names = {}
  for figure in pairs(judgement.scales) do judgement.names[#judgement.names + 1] = figure end
  table.sort(judgement.names)
  set[name] = judgement
end
local pack, unpacked, floor, find = struct.pack, struct.unpack, math.floor, string.find

local REF = 6
local HEAD, TEXTS = '>I4c4c6HBHBc0', '>c16Hc0Bc0Bc0Bc0Bc0Hc0Hc0'

local record_keys, copy_keys, band_keys, passage_keys, term_keys = {}, {}, {}, {}, {}
for at = 1, set.record_days do
  record_keys[set.today + 2 - at] = KEYS[at]
end
local live = {} -- the days that have copies, newest first
for at = 1, set.copy_days do
  local day, place = set.today + 2 - at, set.record_days + at
  copy_keys[day], band_keys[day], passage_keys[day] =
    KEYS[place], KEYS[place + set.copy_days], KEYS[place + 2 * set.copy_days]
  if day == set.today or redis.call('EXISTS', copy_keys[day]) == 1 then
    live[#live + 1] = day
  end
end
local term_live = {} -- the article days that have terms
for at, day in ipairs(set.term_days) do
  term_keys[day] = KEYS[set.record_days + 3 * set.copy_days + at]
  term_live[day] = redis.call('EXISTS', term_keys[day]) == 1
end

local records = {} -- those read in this batch, by reference; false where there is none

local function opened(ref, packed)
  local found = packed and { ref = ref, packed = packed } or false
  if found then
    found.minutes, found.source, found.story, found.revision, found.level, found.lead, found.terms, found.texts_at =
      unpacked(HEAD, packed)
  end
  records[ref] = found
  return found
end

local function read(ref)
  local found = records[ref]
  if found == nil then
    local key = record_keys[unpacked('>H', ref)]
    found = opened(ref, key and redis.call('HGET', key, sub(ref, 3)))
  end
  return found
end

-- Reads many at once.
local function read_ahead(refs)
  local numbers, days = {}, {}
  for _, ref in ipairs(refs) do
    if records[ref] == nil then
      local day = unpacked('>H', ref)
      if not record_keys[day] then
        records[ref] = false
      else
        if not numbers[day] then
          numbers[day] = {}
          days[#days + 1] = day
        end
        numbers[day][#numbers[day] + 1] = sub(ref, 3)
      end
    end
  end
  for _, day in ipairs(days) do
    local found = redis.call('HMGET', record_keys[day], unpack(numbers[day]))
    for at, number in ipairs(numbers[day]) do opened(pack('>H', day) .. number, found[at]) end
  end
end

-- The rest of a record, which only those need whose texts are compared.
local function with_texts(record)
  if not record.sample then
    record.own_story, record.sample, record.title, record.numbers, record.places, record.events, record.id, record.root =
      unpacked(TEXTS, record.packed, record.texts_at)
    if record.root == '' then record.root = record.id end
  end
  return record
end

local function packed_record(record)
  return pack(HEAD, record.minutes, record.source, record.story, record.revision, record.level, record.lead,
    #record.terms, record.terms) .. pack(TEXTS, record.own_story, #record.sample, record.sample, #record.title, record.title,
    #record.numbers, record.numbers, #record.places, record.places, #record.events, record.events, #record.id, record.id,
    #record.root, record.root)
end

-- The first record of the story that a record belongs to, through all mergers; nil where it has expired.
local function lead_of(record)
  local ref, first, hops = record.story, nil, 0
  while hops < set.mergers_in_a_row do
    local lead = read(ref)
    if not lead then return nil end
    if lead.story == ref then
      if hops > 1 then -- the way is made shorter for the next one, so that it never grows long
        first.story = ref
        redis.call('HSET', record_keys[unpacked('>H', first.ref)], sub(first.ref, 3), packed_record(with_texts(first)))
      end
      return with_texts(lead)
    end
    first, ref, hops = first or lead, lead.story, hops + 1
  end
end
