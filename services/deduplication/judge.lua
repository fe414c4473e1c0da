-- Judges a batch of articles, one after the other and all in one step: each is numbered, compared with what came
-- before it, and entered in the index. The verdict is kept by record_id: who comes again is told the same again.
-- Before it stand, as one script: `comparison.lua`, what two articles share; `records.lua`, what is kept of each;
-- `texts.lua`, who has the same text; `neighbours.lua`, who is compared, and which stories there are.
--
-- KEYS  records of each day (newest first, from tomorrow), then copies, bands and passages of the same days,
--       then the story terms of each article day in ARGV[1].term_days, and since when Redis remembers
-- ARGV  [1] settings as JSON; then for each article the values in the order of `judge_one`
--
-- Days are wall-clock days by Redis' clock, except that story terms stand under the article's own day. Every key
-- expires whole. What is kept:
--   records    hash   number -> record (see `read`); "#" -> the last number given
--   copies     hash   v<record_id> -> verdict, i<id> -> last version, x<content> and y<content, source> -> record
--   bands      hash   first 12 bits of a band -> its other bits (3 bytes) and the number of a record (4), again and again
--   passages   hash   first 12 bits of a passage's hash -> 4 bytes more of it, the number of the last record that had it
--                     (4), how many stories of this day had it (1), and the last byte of the reference to the one before
--                     the last (1), again and again
--   terms      hash   term -> records
-- A reference to a record is its day (2 bytes) and its number (4 bytes); a story is referred to by its first record.

local EXACT, REVISION, NEAR_DUPLICATE, SAME_STORY, NEW = 1, 2, 3, 4, 0

local function with_last(list, ref, most)
  list = (list or '') .. ref
  return #list > most * REF and sub(list, -most * REF) or list
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
  if other then lead = lead_of(other) end
  local entered = lead and relation ~= REVISION and unpacked('>H', other.ref) == set.today
    and math.abs(article.minutes - other.minutes) <= set.window and other.ref
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

-- Since when all this reaches: who finds it moved knows that Redis was emptied.
local function remembered_since()
  local key, keep = KEYS[#KEYS], set.record_days * 86400
  local since = redis.call('GET', key)
  if since then
    redis.call('EXPIRE', key, keep)
  else
    since = set.now
    redis.call('SET', key, since, 'EX', keep)
  end
  return since
end

local verdicts = { tostring(remembered_since()) }
for at = 2, #ARGV, 21 do verdicts[#verdicts + 1] = judge_one(at) end
return verdicts
