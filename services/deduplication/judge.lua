-- Judges a batch of articles, one after the other and all in one step: each is numbered, compared with what came
-- before it, and entered in the index. The verdict is kept by record_id: who comes again is told the same again.
--
-- KEYS  records of each day (newest first, from tomorrow), copies of the same days, passages of the same days,
--       then the story terms of each article day in ARGV[1].term_days
-- ARGV  [1] settings as JSON; then for each article 15 values in the order of `judge_one`
--
-- Days are wall-clock days by Redis' clock, except that story terms stand under the article's own day. Every key
-- expires whole. What is kept:
--   records    hash   number -> record (see `read`); "#" -> the last number given
--   copies     hash   v<record_id> -> verdict, i<id> -> last version, x<content> and y<content, source> -> record,
--                     b<band> -> records
--   passages   set    hashes of passages
--   terms      hash   term -> records
-- A reference to a record is its day (2 bytes) and its number (4 bytes).

local byte, sub = string.byte, string.sub
local set = cjson.decode(ARGV[1])

local EXACT, REVISION, NEAR_DUPLICATE, SAME_STORY, NEW = 1, 2, 3, 4, 0
local REF = 6
local RECORD = '>I4c4c16c6HI4BBc0Hc0Hc0Hc0'

local record_keys, copy_keys, passage_keys, term_keys = {}, {}, {}, {}
for at = 1, set.record_days do
  record_keys[set.today + 2 - at] = KEYS[at]
end
local live = {} -- the days that have copies, newest first
for at = 1, set.copy_days do
  local day = set.today + 2 - at
  copy_keys[day] = KEYS[set.record_days + at]
  passage_keys[day] = KEYS[set.record_days + set.copy_days + at]
  if day == set.today or redis.call('EXISTS', copy_keys[day]) == 1 then
    live[#live + 1] = day
  end
end
local term_live = {} -- the article days that have terms
for at, day in ipairs(set.term_days) do
  term_keys[day] = KEYS[set.record_days + 2 * set.copy_days + at]
  term_live[day] = redis.call('EXISTS', term_keys[day]) == 1
end

local records = {} -- those read in this batch, by reference; false where there is none

local function read(ref)
  local found = records[ref]
  if found == nil then
    local key = record_keys[struct.unpack('>H', ref)]
    local packed = key and redis.call('HGET', key, sub(ref, 3))
    if packed then
      found = { ref = ref }
      found.minutes, found.source, found.story, found.lead, found.revision, found.size, found.level, found.terms,
        found.sample, found.id, found.root = struct.unpack(RECORD, packed)
      if found.root == '' then found.root = found.id end
    else
      found = false
    end
    records[ref] = found
  end
  return found
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

-- The article's own sample as a set, and its size at each level asked for.
local function sampled(article)
  if not article.sampled then
    local codes, n = {}, 0
    for at = 1, #article.sample, 3 do
      local a, b, c = byte(article.sample, at, at + 2)
      n = n + 1
      codes[n] = a * 65536 + b * 256 + c
      codes[-1 - codes[n]] = true
    end
    article.sampled, article.count = codes, n
  end
  return article.sampled, article.count
end

-- Estimated Jaccard similarity, and the share of the smaller article that stands in the other.
local function overlap(article, other)
  local codes, n = sampled(article)
  local grain = 2 ^ math.max(article.level, other.level)
  local mine, theirs, both = 0, 0, 0
  for at = 1, n do
    if codes[at] % grain == 0 then mine = mine + 1 end
  end
  for at = 1, #other.sample, 3 do
    local a, b, c = byte(other.sample, at, at + 2)
    local code = a * 65536 + b * 256 + c
    if code % grain == 0 then
      theirs = theirs + 1
      if codes[-1 - code] then both = both + 1 end
    end
  end
  local smaller = article.size <= other.size and mine or theirs
  return both > 0 and both / (mine + theirs - both) or 0, both > 0 and math.min(1, both / smaller) or 0
end

local function cosine(article, other)
  local weights, sum = article.weights, 0
  for at = 1, #other.terms, 4 do
    local a, b, c, weight = byte(other.terms, at, at + 3)
    local mine = weights[a * 65536 + b * 256 + c]
    if mine then sum = sum + mine * weight end
  end
  return sum / 65025
end

-- How sure it is that two articles tell one story, and that one is a copy of the other, in nats of odds. For copies
-- time counts no further than the window of stories: what is run again a week later is a copy too.
local function story_odds(article, other, like)
  local apart = math.abs(article.minutes - other.minutes) / 60
  local odds = set.story.bias + set.story.cosine * like + set.story.hours * math.log(1 + apart)
  return article.source == other.source and odds + set.story.same_source or odds
end

local function copy_odds(article, other, like, jaccard, containment)
  local apart = math.min(math.abs(article.minutes - other.minutes), set.window) / 60
  local odds = set.copy.bias + set.copy.cosine * like + set.copy.jaccard * jaccard + set.copy.containment * containment
    + set.copy.hours * math.log(1 + apart)
  return article.source == other.source and odds + set.copy.same_source or odds
end

-- The records most worth a comparison: those that share a band, or two of the heaviest terms.
local function candidates(article, banded, posted)
  local votes, shared, refs = {}, {}, {}
  local function vote(list, weight, share)
    for at = 1, #list, REF do
      local ref = sub(list, at, at + REF - 1)
      if not votes[ref] then
        votes[ref], shared[ref] = 0, 0
        refs[#refs + 1] = ref
      end
      votes[ref], shared[ref] = votes[ref] + weight, shared[ref] + share
    end
  end
  for _, list in ipairs(banded) do vote(list, set.band_votes, 2) end
  for _, entry in ipairs(posted) do vote(entry[1], entry[2], 1) end
  local worth = {}
  for _, ref in ipairs(refs) do
    if shared[ref] >= 2 then worth[#worth + 1] = ref end
  end
  table.sort(worth, function(one, other)
    if votes[one] ~= votes[other] then return votes[one] > votes[other] end
    return one > other
  end)
  for at = #worth, set.candidates + 1, -1 do worth[at] = nil end
  return worth
end

-- The best copy among the records, the revision number if it is one, the stories in reach, the highest similarity.
local function compare(article, refs)
  local copy, copy_odds_best, copy_jaccard, revision, closest = nil, set.copy.least, 0, 0, 0
  local stories, by_id = {}, {}
  for _, ref in ipairs(refs) do
    local other = read(ref)
    if other then
      local like = cosine(article, other)
      if like >= set.copy.compared_from then
        local jaccard, containment = overlap(article, other)
        closest = math.max(closest, jaccard)
        local odds = copy_odds(article, other, like, jaccard, containment)
        if odds >= set.copy.least and article.source == other.source then
          revision = math.max(revision, other.revision + 1)
        end
        if odds > copy_odds_best then copy, copy_odds_best, copy_jaccard = other, odds, jaccard end
      end
      if math.abs(article.minutes - other.minutes) <= set.window then
        local odds = story_odds(article, other, like)
        local story = by_id[other.story]
        if not story then
          story = { best = odds, member = other }
          by_id[other.story] = story
          stories[#stories + 1] = story
        elseif odds > story.best then
          story.best, story.member = odds, other
        end
      end
    end
  end
  return copy, copy_jaccard, revision, stories, closest
end

-- The member through which the article joins a story, if any. The story's first article has a say, so that a chain of
-- follow-ups does not grow into everything that happened in a place.
local function story_joined(article, stories)
  local joined, best = nil, set.story.least
  for _, story in ipairs(stories) do
    if story.best >= best then
      local lead = read(story.member.lead)
      local lead_odds = lead and story_odds(article, lead, cosine(article, lead)) or set.story.floor
      local odds = (1 - set.story.lead_share) * story.best + set.story.lead_share * math.max(lead_odds, set.story.floor)
      if odds >= best then joined, best = story.member, odds end
    end
  end
  return joined
end

-- What is known of the article, day by day, newest first.
local function look_up(article)
  local fields = { 'v' .. article.record_id, 'i' .. article.id_hash, 'y' .. article.content .. article.source,
    'x' .. article.content }
  for at, band in ipairs(article.bands) do fields[4 + at] = 'b' .. band end
  local found = { banded = {}, today = {} }
  for _, day in ipairs(live) do
    local values = redis.call('HMGET', copy_keys[day], unpack(fields))
    found.verdict = found.verdict or values[1]
    found.version = found.version or values[2]
    found.same = found.same or values[3]
    found.copy = found.copy or values[4]
    for at = 1, #article.bands do
      local list = values[4 + at]
      if list then found.banded[#found.banded + 1] = list end
    end
    if day == set.today then found.today = values end
  end
  return found
end

local function posted_near(article)
  local found, weights = {}, {}
  for at = 4, #article.terms, 4 do weights[at / 4] = byte(article.terms, at) end
  for day = article.day - set.window_days, article.day + set.window_days do
    if term_live[day] and #article.posted > 0 then
      local lists = redis.call('HMGET', term_keys[day], unpack(article.posted))
      for at = 1, #article.posted do
        if lists[at] then found[#found + 1] = { lists[at], weights[at] } end
      end
      if day == article.day then article.posted_today = lists end
    end
  end
  return found
end

-- The stretches of the article whose passages no article had before, packed as start and end in 4 bytes each.
local function new_stretches(article)
  local hashes = article.passages
  local seen = {}
  for at = 1, #hashes > 0 and #live or 0 do
    local answers = redis.call('SMISMEMBER', passage_keys[live[at]], unpack(hashes))
    for number, answer in ipairs(answers) do
      if answer == 1 then seen[hashes[number]] = true end
    end
  end
  local stretches, open_from, open_to = {}, nil, nil
  for at, hash in ipairs(hashes) do
    if seen[hash] then
      if open_from then stretches[#stretches + 1] = open_from .. open_to end
      open_from = nil
    else
      seen[hash] = true
      open_from = open_from or sub(article.spans, 8 * at - 7, 8 * at - 4)
      open_to = sub(article.spans, 8 * at - 3, 8 * at)
    end
  end
  if open_from then stretches[#stretches + 1] = open_from .. open_to end
  return table.concat(stretches)
end

local function keep_until(key, day)
  if redis.call('PTTL', key) == -1 then redis.call('PEXPIREAT', key, string.format('%d', day * 86400000)) end
end

-- Makes the article findable under a number of its own. `fields` go into the day's copies together with its bands.
local function enter(article, found, verdict, fields)
  local today = set.today
  local ref = struct.pack('>HI4', today, redis.call('HINCRBY', record_keys[today], '#', 1))
  local packed = struct.pack(RECORD, article.minutes, article.source, verdict.story, verdict.lead or ref,
    verdict.revision, article.size, article.level, #article.terms, article.terms, #article.sample, article.sample,
    #article.id, article.id, #verdict.root, verdict.root)
  redis.call('HSET', record_keys[today], sub(ref, 3), packed)
  keep_until(record_keys[today], today + set.record_days - 1)
  for at, band in ipairs(article.bands) do
    fields[#fields + 1] = 'b' .. band
    fields[#fields + 1] = with_last(found.today[4 + at], ref, set.refs_of_band)
  end
  local posts = {}
  for at, term in ipairs(article.posted) do
    posts[2 * at - 1] = term
    posts[2 * at] = with_last(article.posted_today and article.posted_today[at], ref, set.refs_of_term)
  end
  if #posts > 0 then
    redis.call('HSET', term_keys[article.day], unpack(posts))
    keep_until(term_keys[article.day], today + set.story_days + 1)
    term_live[article.day] = true
  end
  if #article.passages > 0 then
    redis.call('SADD', passage_keys[today], unpack(article.passages))
    keep_until(passage_keys[today], today + set.copy_days - 1)
  end
  return ref
end

-- The same words: as the article's last version, from the same outlet, or from another.
local function identical(article, found)
  local version = found.version and read(sub(found.version, 1, REF))
  if version and sub(found.version, REF + 3) == article.content then
    return version, EXACT, struct.unpack('>H', found.version, REF + 1)
  end
  local same = found.same and read(found.same)
  if same and not version then return same, EXACT, same.revision end
  local copy = found.copy and read(found.copy)
  if copy and not version then return copy, NEAR_DUPLICATE, 0 end
end

-- What the article is to what came before: the relation, the record it is nearest to, similarity, revision.
local function related(article, found)
  local version = found.version and read(sub(found.version, 1, REF))
  if version then
    return REVISION, version, (overlap(article, version)), struct.unpack('>H', found.version, REF + 1) + 1
  end
  local posted = posted_near(article)
  local copy, jaccard, revision, stories, closest = compare(article, candidates(article, found.banded, posted))
  if copy then
    -- An outlet that edits its article may take up words of another's: that is its own revision still.
    return revision > 0 and REVISION or NEAR_DUPLICATE, copy, jaccard, revision
  end
  local member = story_joined(article, stories)
  if member then return SAME_STORY, member, (overlap(article, member)), 0 end
  return NEW, nil, closest, 0
end

local function packed_verdict(relation, verdict, jaccard, stretches)
  local root = verdict.root
  return struct.pack('>BHHc16Hc0', relation, verdict.revision, math.floor(jaccard * 10000 + 0.5), verdict.story, #root, root)
    .. stretches
end

local function judge_one(at)
  local article = {
    record_id = ARGV[at], id = ARGV[at + 1], id_hash = ARGV[at + 2], content = ARGV[at + 3], source = ARGV[at + 4],
    minutes = tonumber(ARGV[at + 5]), day = tonumber(ARGV[at + 6]), story = ARGV[at + 7], size = tonumber(ARGV[at + 8]),
    level = tonumber(ARGV[at + 9]), sample = ARGV[at + 10], bands = split(ARGV[at + 11], 4), terms = ARGV[at + 12],
    passages = split(ARGV[at + 13], set.passage_bytes), spans = ARGV[at + 14], posted = {}, weights = {},
  }
  local found = look_up(article)
  if found.verdict then return found.verdict end
  for from = 1, #article.terms, 4 do
    local a, b, c, weight = byte(article.terms, from, from + 3)
    article.weights[a * 65536 + b * 256 + c] = weight
    if #article.posted < set.posted then article.posted[#article.posted + 1] = sub(article.terms, from, from + 2) end
  end

  local other, relation, revision = identical(article, found)
  local jaccard, stretches = 1, ''
  -- The same words today need no entry of their own: a hundred thousand copies cost little more than their verdicts.
  local entered = other and struct.unpack('>H', other.ref) == set.today
    and math.abs(article.minutes - other.minutes) <= set.window and other.ref
  if not other then
    relation, other, jaccard, revision = related(article, found)
    stretches = new_stretches(article)
  end
  local verdict = { story = article.story, root = '', revision = math.min(revision, 65535) }
  if other then verdict.story, verdict.lead = other.story, other.lead end
  if other and relation ~= SAME_STORY then verdict.root = other.root end
  local packed = packed_verdict(relation, verdict, jaccard, stretches)
  local fields = { 'v' .. article.record_id, packed }
  local ref = entered or enter(article, found, verdict, fields)
  fields[#fields + 1] = 'i' .. article.id_hash
  fields[#fields + 1] = ref .. struct.pack('>H', verdict.revision) .. article.content
  fields[#fields + 1] = 'y' .. article.content .. article.source
  fields[#fields + 1] = ref
  fields[#fields + 1] = 'x' .. article.content
  fields[#fields + 1] = ref
  redis.call('HSET', copy_keys[set.today], unpack(fields))
  keep_until(copy_keys[set.today], set.today + set.copy_days - 1)
  return packed
end

local verdicts = {}
for at = 2, #ARGV, 15 do verdicts[#verdicts + 1] = judge_one(at) end
return verdicts
