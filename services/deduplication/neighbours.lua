-- Whom an article is compared with, which copies and stories that shows, and stories that it makes one. See `judge.lua`.

local TITLE, LEAD, NUMBERS, ADDED, CUT = 1, 2, 4, 8, 16 -- what a revision changed

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
