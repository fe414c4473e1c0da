-- Judges a batch of articles, one after the other and all in one step: each is numbered, compared with what came
-- before it, and entered in the index. The verdict is kept by record_id: who comes again is told the same again.
-- What two articles share, and what that makes them, is in `comparison.lua`, which stands before this.
--
-- KEYS  records of each day (newest first, from tomorrow), then copies, bands and passages of the same days,
--       then the story terms of each article day in ARGV[1].term_days
-- ARGV  [1] settings as JSON; then for each article the values in the order of `judge_one`
--
-- Days are wall-clock days by Redis' clock, except that story terms stand under the article's own day. Every key
-- expires whole. What is kept:
--   records    hash   number -> record (see `read`); "#" -> the last number given
--   copies     hash   v<record_id> -> verdict, i<id> -> last version, x<content> and y<content, source> -> record
--   bands      hash   first 12 bits of a band -> its other bits (3 bytes) and the number of a record (4), again and again
--   passages   hash   first 12 bits of a passage's hash -> 4 bytes more of it, the number of the last record that had it
--                     (4), how many stories of this day had it (1), and the last byte of the reference to the one before the last (1),
--                     again and again
--   terms      hash   term -> records
-- A reference to a record is its day (2 bytes) and its number (4 bytes); a story is referred to by its first record.

local set = cjson.decode(ARGV[1])
for name, value in pairs(constants) do set[name] = value end
for name, judgement in pairs(judgements) do
  judgement.names = {}
  for figure in pairs(judgement.scales) do judgement.names[#judgement.names + 1] = figure end
  table.sort(judgement.names)
  set[name] = judgement
end
local pack, unpacked, floor, find = struct.pack, struct.unpack, math.floor, string.find

local EXACT, REVISION, NEAR_DUPLICATE, SAME_STORY, NEW = 1, 2, 3, 4, 0
local REF = 6
local HEAD, TEXTS = '>I4c4c6HBHBc0', '>c16Hc0Bc0Bc0Bc0Bc0Hc0Hc0'
local BAND_ENTRY, PASSAGE_ENTRY = 7, 10
local TITLE, LEAD, NUMBERS, ADDED, CUT = 1, 2, 4, 8, 16 -- what a revision changed
local CORRECTION, RETRACTION = 1, 2

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

local function split(packed, size)
  local parts = {}
  for at = 1, #packed, size do parts[#parts + 1] = sub(packed, at, at + size - 1) end
  return parts
end

local function with_last(list, ref, most)
  list = (list or '') .. ref
  return #list > most * REF and sub(list, -most * REF) or list
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

-- The records most worth a comparison: those that share a band, a passage, or two of the heaviest terms.
local function candidates(article, posted)
  local votes, shared, keys = {}, {}, {} -- by day * 2^32 + number: as strings they would cost more than all the rest
  local function vote(key, weight, share)
    local before = votes[key]
    if before then
      votes[key], shared[key] = before + weight, shared[key] + share
    else
      votes[key], shared[key] = weight, share
      keys[#keys + 1] = key
    end
  end
  local function vote_all(packed, weight, share)
    local halves = numbers_in(packed, 2)
    for at = 1, #halves, 3 do
      vote(halves[at] * 4294967296 + halves[at + 1] * 65536 + halves[at + 2], weight, share)
    end
  end
  vote_all(table.concat(article.banded), set.band_votes, set.shared_terms)
  vote_all(table.concat(article.quoted), set.passage_votes, set.shared_terms)
  table.sort(posted, function(one, other)
    if #one[1] ~= #other[1] then return #one[1] < #other[1] end
    return one[3] < other[3]
  end)
  local left = set.refs_of_article * REF
  for _, entry in ipairs(posted) do
    if #entry[1] > left then break end -- what is in so many articles tells little
    left = left - #entry[1]
    vote_all(entry[1], entry[2], 1)
  end
  local worth = {}
  for _, key in ipairs(keys) do
    if shared[key] >= set.shared_terms and votes[key] >= set.least_votes then worth[#worth + 1] = key end
  end
  table.sort(worth, function(one, other)
    if votes[one] ~= votes[other] then return votes[one] > votes[other] end
    return one > other
  end)
  local refs = {}
  for at = 1, min(#worth, set.candidates) do
    refs[at] = pack('>HI4', floor(worth[at] / 4294967296), worth[at] % 4294967296)
  end
  return refs
end

local function fully_compared(article, other)
  return compared(article, with_texts(other), known_before(article, other, cosine(article, other)))
end

local function changes(article, other, comparison)
  local bits = 0
  if article.title ~= other.title then bits = bits + TITLE end
  if comparison.lead_of_later < 1 then bits = bits + LEAD end
  if article.numbers ~= other.numbers then bits = bits + NUMBERS end
  if comparison.of_later < 1 then bits = bits + ADDED end
  if comparison.of_earlier < 1 then bits = bits + CUT end
  return bits
end

-- The best copy among the records and its comparison, the revision number if it is one and what it changed of its outlet's
-- last version, the stories in reach by their first records, the highest similarity.
local function compare(article, refs)
  local copy, copy_best, copy_comparison, revision, closest = nil, set.copy.least, nil, 0, 0
  local own, own_comparison -- its outlet's last version
  local stories, by_lead = {}, {}
  read_ahead(refs)
  for _, ref in ipairs(refs) do
    local other = read(ref)
    local before = other and known_before(article, other, cosine(article, other))
    local near = before and math.abs(article.minutes - other.minutes) <= set.window
    if before and before.terms >= set.least_terms then
      local comparison = compared(article, with_texts(other), before)
      closest = max(closest, comparison.jaccard)
      if not written_alike_elsewhere(comparison) then
        local odds = odds_of(set.copy, comparison)
        if odds >= set.copy.least and article.source == other.source then
          if other.revision >= revision or not own then own, own_comparison = other, comparison end
          revision = max(revision, other.revision + 1)
        end
        if odds > copy_best then copy, copy_best, copy_comparison = other, odds, comparison end
        local lead = near and lead_of(other)
        if lead then
          local story_odds = odds_of(set.story, comparison)
          local story = by_lead[lead.ref]
          if not story then
            story = { best = story_odds, member = other, lead = lead, comparison = comparison }
            by_lead[lead.ref] = story
            stories[#stories + 1] = story
          elseif story_odds > story.best then
            story.best, story.member, story.comparison = story_odds, other, comparison
          end
        end
      end
    end
  end
  local changed = own and changes(article, own, own_comparison) or 0
  return copy, copy_comparison, revision, changed, stories, closest
end

-- The stories that the article belongs to, the surest first. A story's first article has a say, so that a chain of
-- follow-ups does not grow into everything that happened in a place.
local function stories_joined(article, stories)
  local joined = {}
  for _, story in ipairs(stories) do
    if story.best >= set.story.least then
      local lead_odds = story.best
      if story.lead ~= story.member then
        lead_odds = max(odds_of(set.story, fully_compared(article, story.lead)), set.lead_floor)
      end
      story.odds = (1 - set.lead_share) * story.best + set.lead_share * lead_odds
      if story.odds >= set.story.least then joined[#joined + 1] = story end
    end
  end
  table.sort(joined, function(one, other)
    if one.odds ~= other.odds then return one.odds > other.odds end
    return one.lead.ref < other.lead.ref
  end)
  return joined
end

-- Makes one story of those that the article surely belongs to: the oldest stays. Returns its first record and those of
-- the stories that it took in.
local function merged(joined)
  local stays, others = joined[1].lead, {}
  for at, story in ipairs(joined) do
    if at > 1 and story.odds >= set.merge_least and #others < set.mergers_at_once then others[#others + 1] = story.lead end
  end
  local absorbed = {}
  for _, other in ipairs(others) do
    if other.ref < stays.ref then stays, other = other, stays end
    absorbed[#absorbed + 1] = other
  end
  for _, other in ipairs(absorbed) do
    other.story = stays.ref
    local key = record_keys[unpacked('>H', other.ref)]
    redis.call('HSET', key, sub(other.ref, 3), packed_record(with_texts(other)))
  end
  return stays, absorbed
end

-- What is known of the article, day by day, newest first.
local function look_up(article)
  local found = {}
  for _, day in ipairs(live) do
    local values = redis.call('HMGET', copy_keys[day], 'v' .. article.record_id, 'i' .. article.id_hash,
      'y' .. article.content .. article.source, 'x' .. article.content)
    found.verdict = found.verdict or values[1]
    found.version = found.version or values[2]
    found.same = found.same or values[3]
    found.copy = found.copy or values[4]
  end
  return found
end

local function posted_near(article)
  local found, weights = {}, { byte(article.terms, 1, -1) }
  for day = article.day - set.window_days, article.day + set.window_days do
    if term_live[day] and #article.posted > 0 then
      local lists = redis.call('HMGET', term_keys[day], unpack(article.posted))
      for at = 1, #article.posted do
        if lists[at] then found[#found + 1] = { lists[at], weights[4 * at], #found } end
      end
      if day == article.day then article.posted_today = lists end
    end
  end
  return found
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

local function enter_bands(article, number)
  local lists, order = {}, {}
  for at, band in ipairs(article.bands) do
    local field = article.band_fields[at]
    if not lists[field] then
      order[#order + 1], lists[field] = field, article.bands_today and article.bands_today[at] or ''
    end
    lists[field] = limited(lists[field], sub(band, 2, 4) .. number, BAND_ENTRY)
  end
  local fields = {}
  for _, field in ipairs(order) do
    fields[#fields + 1] = field
    fields[#fields + 1] = lists[field]
  end
  if #fields > 0 then
    redis.call('HSET', band_keys[set.today], unpack(fields))
    keep_until(band_keys[set.today], set.today + set.copy_days - 1)
  end
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
  local fields = {}
  for _, field in ipairs(order) do
    fields[#fields + 1] = field
    fields[#fields + 1] = lists[field]
  end
  if #fields > 0 then
    redis.call('HSET', passage_keys[set.today], unpack(fields))
    keep_until(passage_keys[set.today], set.today + set.copy_days - 1)
  end
end

-- Makes the article findable under a number of its own.
local function enter(article, verdict)
  local today = set.today
  local number = pack('>I4', redis.call('HINCRBY', record_keys[today], '#', 1))
  local ref = pack('>H', today) .. number
  local record = {
    ref = ref, minutes = article.minutes, source = article.source, story = verdict.story or ref,
    revision = verdict.revision, level = article.level, lead = article.lead, terms = article.terms,
    own_story = article.own_story, sample = article.sample, title = article.title, numbers = article.numbers,
    places = article.places, events = article.events, id = article.id, root = verdict.root,
  }
  local packed = packed_record(record)
  redis.call('HSET', record_keys[today], number, packed)
  keep_until(record_keys[today], today + set.record_days - 1)
  enter_bands(article, number)
  enter_passages(article, number, record.story)
  local posted = article.posted_today
  if not posted and #article.posted > 0 then
    posted = redis.call('HMGET', term_keys[article.day], unpack(article.posted))
  end
  local posts = {}
  for at, term in ipairs(article.posted) do
    posts[2 * at - 1] = term
    posts[2 * at] = with_last(posted[at], ref, set.refs_of_term)
  end
  if #posts > 0 then
    redis.call('HSET', term_keys[article.day], unpack(posts))
    keep_until(term_keys[article.day], today + set.story_days + 1)
    term_live[article.day] = true
  end
  if record.root == '' then record.root = record.id end
  records[ref] = record
  return ref
end

-- The same words: as the article's last version, from the same outlet, or from another.
local function identical(article, found)
  local version = found.version and read(sub(found.version, 1, REF))
  if version and sub(found.version, REF + 3) == article.content then
    local revision = unpacked('>H', found.version, REF + 1)
    if article.notice > 0 and article.title ~= with_texts(version).title then
      return version, REVISION, revision + 1, TITLE -- it is corrected, or taken back, by its headline alone
    end
    return version, EXACT, revision
  end
  local same = found.same and read(found.same)
  if same and not version then return same, EXACT, same.revision end
  local copy = found.copy and read(found.copy)
  if copy and not version then return copy, NEAR_DUPLICATE, 0 end
end

-- What a correction or retraction speaks of: its outlet's article of these days that it has most in common with.
local function corrected(article, refs)
  local best, best_terms
  for _, ref in ipairs(refs) do
    local other = read(ref)
    if other and other.source == article.source and math.abs(article.minutes - other.minutes) <= set.window then
      local terms = cosine(article, other)
      if terms >= set.least_corrected and (not best or terms > best_terms) then best, best_terms = other, terms end
    end
  end
  return best
end

-- What the article is to what came before: the relation, the record it is nearest to, similarity, revision, what the
-- revision changed, the story's first record, and those of stories that it makes one.
local function related(article, found)
  local version = found.version and read(sub(found.version, 1, REF))
  if version then
    local comparison = fully_compared(article, version)
    return REVISION, version, comparison.jaccard, unpacked('>H', found.version, REF + 1) + 1,
      changes(article, version, comparison), lead_of(version), {}
  end
  local refs = candidates(article, posted_near(article))
  local copy, comparison, revision, changed, stories, closest = compare(article, refs)
  local wrong = article.notice > 0 and not (copy and revision > 0) and corrected(article, refs)
  if wrong then
    comparison = fully_compared(article, wrong)
    return REVISION, wrong, comparison.jaccard, wrong.revision + 1, changes(article, wrong, comparison), lead_of(wrong), {}
  end
  local joined = stories_joined(article, stories)
  if copy then
    -- An outlet that edits its article may take up words of another's: that is its own revision still.
    local lead = lead_of(copy)
    local first = lead and { { lead = lead, odds = set.merge_least } } or {}
    for _, story in ipairs(joined) do
      if story.lead ~= lead then first[#first + 1] = story end
    end
    local stays, absorbed = lead, {}
    if first[1] then stays, absorbed = merged(first) end
    return revision > 0 and REVISION or NEAR_DUPLICATE, copy, comparison.jaccard, revision, changed, stays, absorbed
  end
  if joined[1] then
    local member = joined[1]
    local stays, absorbed = merged(joined)
    return SAME_STORY, member.member, member.comparison.jaccard, 0, 0, stays, absorbed
  end
  return NEW, nil, closest, 0, 0, nil, {}
end

-- A verdict as it is kept and told: see `index.py`. Its first bytes are filled in when the article is entered in its story.
local function packed_verdict(verdict)
  local absorbed = {}
  for _, lead in ipairs(verdict.absorbed) do absorbed[#absorbed + 1] = lead.ref .. lead.own_story end
  return string.rep('\0', 14) .. pack('>BHHBBc6c16Hc0B', verdict.relation, verdict.revision, floor(verdict.similarity * 10000 + 0.5),
    verdict.changes, verdict.notice, verdict.story, verdict.story_id, #verdict.root, verdict.root,
    #absorbed) .. table.concat(absorbed) .. verdict.stretches
end

local function judge_one(at)
  local article = {
    record_id = ARGV[at], id = ARGV[at + 1], id_hash = ARGV[at + 2], content = ARGV[at + 3], source = ARGV[at + 4],
    minutes = tonumber(ARGV[at + 5]), day = tonumber(ARGV[at + 6]), level = tonumber(ARGV[at + 7]),
    lead = tonumber(ARGV[at + 8]), sample = ARGV[at + 9], owners = ARGV[at + 10], bands = split(ARGV[at + 11], 4),
    terms = ARGV[at + 12], title = ARGV[at + 13], numbers = ARGV[at + 14], places = ARGV[at + 15],
    events = ARGV[at + 16], passages = split(ARGV[at + 17], set.passage_bytes), spans = ARGV[at + 18],
    notice = tonumber(ARGV[at + 19]), own_story = ARGV[at + 20], posted = {},
  }
  local found = look_up(article)
  if found.verdict then return found.verdict end
  for from = 1, min(#article.terms, 4 * set.posted), 4 do
    article.posted[#article.posted + 1] = sub(article.terms, from, from + 2)
  end

  local other, relation, revision, changed = identical(article, found)
  local similarity, stretches, lead, absorbed = 1, '', nil, {}
  -- The same words today need no entry of their own: a hundred thousand copies cost little more than their verdicts.
  local entered = other and relation ~= REVISION and unpacked('>H', other.ref) == set.today
    and math.abs(article.minutes - other.minutes) <= set.window and other.ref
  if other then
    lead = lead_of(other)
  end
  if not entered then look_for_text(article) end
  if not other then
    relation, other, similarity, revision, changed, lead, absorbed = related(article, found)
    stretches = new_stretches(article)
  end
  local verdict = {
    relation = relation, revision = min(revision, 65535), similarity = similarity, changes = changed or 0,
    notice = article.notice, story = lead and lead.ref, root = '', story_id = lead and lead.own_story or article.own_story,
    absorbed = absorbed, stretches = stretches,
  }
  if other and relation ~= SAME_STORY then verdict.root = with_texts(other).root end
  local ref = entered or enter(article, verdict)
  verdict.story = verdict.story or ref
  local packed = packed_verdict(verdict)
  redis.call('HSET', copy_keys[set.today],
    'v' .. article.record_id, packed,
    'i' .. article.id_hash, ref .. pack('>H', verdict.revision) .. article.content,
    'y' .. article.content .. article.source, ref,
    'x' .. article.content, ref)
  keep_until(copy_keys[set.today], set.today + set.copy_days - 1)
  return packed
end

local verdicts = {}
for at = 2, #ARGV, 21 do verdicts[#verdicts + 1] = judge_one(at) end
return verdicts
