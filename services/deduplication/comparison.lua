-- Two articles side by side, as `comparison.py` compares them; its docstring says what each figure is.
-- An article has the fields `sample` (packed), `level`, `lead`, `terms`, `minutes`, `source`, `title`, `numbers`,
-- `places`, `events`; the later one also `owners` (its shingles' passages) and `standing` (set of passage numbers).

local byte, sub, log, max, min = string.byte, string.sub, math.log, math.max, math.min

local COVERED, LEAST_SHINGLES, UNKNOWN, UNKNOWN_EVENT = 0.6, 4, 0.5, 0.3
local FORM_JACCARD = 0.3

-- The numbers of a packed sample, in order.
local function codes_of(article)
  if not article.codes then
    local raw, codes = { byte(article.sample, 1, -1) }, {}
    for at = 1, #raw, 3 do
      codes[#codes + 1] = raw[at] * 65536 + raw[at + 1] * 256 + raw[at + 2]
    end
    article.codes = codes
  end
  return article.codes
end

local function index_of(article)
  if not article.index then
    local index = {}
    for number, code in ipairs(codes_of(article)) do index[code] = number end
    article.index = index
    article.passage_of = { byte(article.owners, 1, -1) }
  end
  return article.index
end

local function marks_of(article, name)
  local parsed = article.parsed
  if not parsed then
    parsed = {}
    article.parsed = parsed
  end
  local set = parsed[name]
  if not set then
    set = { n = #article[name] / 2 }
    for at = 1, #article[name], 2 do set[sub(article[name], at, at + 1)] = true end
    parsed[name] = set
  end
  return set
end

local function common(article, other, name)
  local mine, packed, both = marks_of(article, name), other[name], 0
  for at = 1, #packed, 2 do
    if mine[sub(packed, at, at + 1)] then both = both + 1 end
  end
  return both, mine.n, #packed / 2
end

local function containment(article, other, name, unknown)
  local both, mine, theirs = common(article, other, name)
  return mine > 0 and theirs > 0 and both / min(mine, theirs) or unknown
end

local function weights_of(article)
  if not article.weights then
    local raw, weights = { byte(article.terms, 1, -1) }, {}
    for at = 1, #raw, 4 do weights[raw[at] * 65536 + raw[at + 1] * 256 + raw[at + 2]] = raw[at + 3] end
    article.weights = weights
  end
  return article.weights
end

local function cosine(article, other)
  local weights, raw, sum = weights_of(article), { byte(other.terms, 1, -1) }, 0
  for at = 1, #raw, 4 do
    local mine = weights[raw[at] * 65536 + raw[at + 1] * 256 + raw[at + 2]]
    if mine then sum = sum + mine * raw[at + 3] end
  end
  return sum / 65025
end

-- What is known of two articles before their texts are compared.
local function known_before(article, other, terms)
  local same_source, hours = article.source == other.source, log(1 + math.abs(article.minutes - other.minutes) / 60)
  return {
    terms = terms, hours = hours, hours_of_source = same_source and hours or 0, same_source = same_source and 1 or 0,
  }
end

local function compared(article, other, before)
  local grain = 2 ^ max(article.level, other.level)
  local index, codes, passage_of, standing = index_of(article), codes_of(article), article.passage_of, article.standing
  local hit, their_size, their_lead, their_lead_shared = {}, 0, 0, 0
  for number, code in ipairs(codes_of(other)) do
    if code % grain == 0 then
      their_size = their_size + 1
      local at = index[code]
      if at then hit[at] = true end
      if number <= other.lead then
        their_lead = their_lead + 1
        if at then their_lead_shared = their_lead_shared + 1 end
      end
    end
  end
  local mine, shared, standing_shared, lead, lead_shared = 0, 0, 0, 0, 0
  local sizes, hits, passages = {}, {}, {}
  for number = 1, #codes do
    if codes[number] % grain == 0 then
      local found, passage = hit[number], passage_of[number]
      if number <= article.lead then
        lead = lead + 1
        if found then lead_shared = lead_shared + 1 end
      end
      if standing[passage] then
        if found then standing_shared = standing_shared + 1 end
      else
        if not sizes[passage] then
          sizes[passage], hits[passage] = 0, 0
          passages[#passages + 1] = passage
        end
        mine, sizes[passage] = mine + 1, sizes[passage] + 1
        if found then shared, hits[passage] = shared + 1, hits[passage] + 1 end
      end
    end
  end
  their_size, mine = max(their_size - standing_shared, 1), max(mine, 1)
  local covered, covered_hits = 0, 0
  for _, passage in ipairs(passages) do
    if sizes[passage] >= LEAST_SHINGLES and hits[passage] / sizes[passage] >= COVERED then
      covered, covered_hits = covered + sizes[passage], covered_hits + hits[passage]
    end
  end
  local smaller = min(mine, their_size)
  local titles, my_title, their_title = common(article, other, 'title')
  return {
    jaccard = shared / max(mine + their_size - shared, 1),
    containment = min(shared / smaller, 1),
    of_later = shared / mine,
    of_earlier = min(shared / their_size, 1),
    passages = covered / mine,
    in_passages = min(covered_hits / their_size, 1),
    lead_of_later = lead_shared / max(lead, 1),
    lead_of_earlier = their_lead_shared / max(their_lead, 1),
    title = titles / max(my_title + their_title - titles, 1),
    numbers = containment(article, other, 'numbers', UNKNOWN),
    places = containment(article, other, 'places', UNKNOWN),
    events = containment(article, other, 'events', UNKNOWN_EVENT),
    terms = before.terms,
    hours = before.hours,
    hours_of_source = before.hours_of_source,
    same_source = before.same_source,
    unlike_size = math.abs(log(mine / their_size)),
    size = log(1 + smaller * grain),
  }
end

local function written_alike_elsewhere(comparison)
  return comparison.places == 0 and comparison.same_source == 1 and comparison.jaccard > FORM_JACCARD
end

local function worth(scale, figure)
  local at, edges = 1, scale.edges
  while edges[at] and edges[at] <= figure do at = at + 1 end
  return scale.odds[at]
end

-- Log odds by one of the judgements.
local function odds_of(judgement, comparison)
  local odds = judgement.bias
  for _, name in ipairs(judgement.names) do
    odds = odds + worth(judgement.scales[name], comparison[name])
  end
  return odds
end

-- The most that the log odds can come to, whatever the texts share.
local function most_odds(judgement, before)
  if not judgement.most_of_text then
    local most = 0
    for _, name in ipairs(judgement.names) do
      if not before[name] then most = most + max(unpack(judgement.scales[name].odds)) end
    end
    judgement.most_of_text = most
  end
  local odds = judgement.bias + judgement.most_of_text
  for name, figure in pairs(before) do
    if judgement.scales[name] then odds = odds + worth(judgement.scales[name], figure) end
  end
  return odds
end
