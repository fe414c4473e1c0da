-- Who has the same text: bands and passages, in buckets of each day. See `judge.lua`.

local BAND_ENTRY, PASSAGE_ENTRY = 7, 10

local function split(packed, size)
  local parts = {}
  for at = 1, #packed, size do parts[#parts + 1] = sub(packed, at, at + size - 1) end
  return parts
end

-- The bucket of a hash of 4 bytes or more, and the bytes by which it is known there.
local function bucket(hashed)
  local a, b = byte(hashed, 1, 2)
  return string.char(a, b - b % 16)
end

local function each_entry(list, key, size, visit)
  local at = find(list, key, 1, true)
  while at do
    if (at - 1) % size == 0 then visit(at) end
    at = find(list, key, at + 1, true)
  end
end

-- Looks the hashes up in the buckets of every live day; visit(number of the hash, day, list, at) for each entry there.
local function look_in_buckets(keys, hashes, from, to, size, visit)
  if #hashes == 0 then return end
  local fields, asked, place_of = {}, {}, {} -- a bucket that several fall into is fetched once
  for number, hashed in ipairs(hashes) do
    local field = bucket(hashed)
    if not place_of[field] then
      asked[#asked + 1] = field
      place_of[field] = #asked
    end
    fields[number] = field
  end
  local today = {}
  for _, day in ipairs(live) do
    local lists = redis.call('HMGET', keys[day], unpack(asked))
    for number, hashed in ipairs(hashes) do
      local list = lists[place_of[fields[number]]]
      if list then
        if day == set.today then today[number] = list end
        each_entry(list, sub(hashed, from, to), size, function(at) visit(number, day, list, at) end)
      end
    end
  end
  return fields, today
end

-- Which records share a band or a passage with the article, and which of its passages say nothing: many stories have them.
local function look_for_text(article)
  article.banded, article.quoted, article.standing, article.seen = {}, {}, {}, {}
  article.band_fields, article.bands_today = look_in_buckets(band_keys, article.bands, 2, 4, BAND_ENTRY,
    function(_, day, list, at)
      if #article.banded < set.refs_of_text then
        article.banded[#article.banded + 1] = pack('>H', day) .. sub(list, at + 3, at + 6)
      end
    end)
  local stories = {}
  article.passage_fields, article.passages_today = look_in_buckets(passage_keys, article.passages, 3, 6, PASSAGE_ENTRY,
    function(number, day, list, at)
      local ref = pack('>H', day) .. sub(list, at + 4, at + 7)
      stories[number] = (stories[number] or 0) + byte(list, at + 8)
      -- The newest day comes first: its entry names the last record that had the passage.
      article.seen[number] = article.seen[number] or ref
    end)
  for number, ref in pairs(article.seen) do
    if stories[number] >= set.standing_stories then article.standing[number - 1] = true end
  end
  for number = 1, #article.passages do
    local ref = article.seen[number]
    if ref and not article.standing[number - 1] and #article.quoted < set.refs_of_text then
      article.quoted[#article.quoted + 1] = ref
    end
  end
end

-- The stretches of the article whose passages no article had before, packed as start and end in 4 bytes each.
local function new_stretches(article)
  local stretches, open_from, open_to, said = {}, nil, nil, {}
  for number, hashed in ipairs(article.passages) do
    if article.seen[number] or said[hashed] then
      if open_from then stretches[#stretches + 1] = open_from .. open_to end
      open_from = nil
    else
      said[hashed] = true
      open_from = open_from or sub(article.spans, 8 * number - 7, 8 * number - 4)
      open_to = sub(article.spans, 8 * number - 3, 8 * number)
    end
  end
  if open_from then stretches[#stretches + 1] = open_from .. open_to end
  return table.concat(stretches)
end

local function keep_until(key, day)
  if redis.call('PTTL', key) == -1 then redis.call('PEXPIREAT', key, string.format('%d', day * 86400000)) end
end

local function limited(list, entry, size)
  list = (list or '') .. entry
  local most = set.entries_of_bucket * size
  return #list > most and sub(list, -most) or list
end

local function write_buckets(key, order, lists)
  local fields = {}
  for _, field in ipairs(order) do
    fields[#fields + 1] = field
    fields[#fields + 1] = lists[field]
  end
  if #fields > 0 then
    redis.call('HSET', key, unpack(fields))
    keep_until(key, set.today + set.copy_days - 1)
  end
end

local function enter_bands(article, number)
  local lists, order = {}, {}
  for at, band in ipairs(article.bands) do
    local field = article.band_fields[at]
    if not lists[field] then
      order[#order + 1], lists[field] = field, article.bands_today and article.bands_today[at] or ''
    end
    lists[field] = limited(lists[field], sub(band, 2, 4) .. number, BAND_ENTRY)
  end
  write_buckets(band_keys[set.today], order, lists)
end

-- How many stories had a passage counts only from one story to another: follow-ups repeat themselves.
local function enter_passages(article, number, story)
  local lists, order, entered = {}, {}, {}
  for at, hashed in ipairs(article.passages) do
    local field, key = article.passage_fields[at], sub(hashed, 3, 6)
    if not lists[field] then
      order[#order + 1], lists[field] = field, article.passages_today and article.passages_today[at] or ''
    end
    if not entered[hashed] then
      entered[hashed] = true
      local last = article.seen[at] and read(article.seen[at])
      local last_lead = last and lead_of(last)
      local place
      each_entry(lists[field], key, PASSAGE_ENTRY, function(found) place = place or found end)
      local list = lists[field]
      local count, previous = 0, 0
      if place then count, previous = byte(list, place + 8, place + 9) end
      if not last_lead or last_lead.ref ~= story then
        -- Two stories that take turns are two.
        if not place or previous ~= byte(story, REF) then count = min(count + 1, 255) end
        previous = last_lead and byte(last_lead.ref, REF) or 0
      end
      local told = number .. string.char(count, previous)
      if place then
        lists[field] = sub(list, 1, place + 3) .. told .. sub(list, place + PASSAGE_ENTRY)
      else
        lists[field] = limited(list, key .. told, PASSAGE_ENTRY)
      end
    end
  end
  write_buckets(passage_keys[set.today], order, lists)
end
