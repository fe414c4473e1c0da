-- Two articles side by side, as `comparison.py` compares them; its docstring says what each figure is.
-- An article has the fields `sample` (packed), `level`, `lead`, `terms`, `minutes`, `source`, `title`, `numbers`,
-- `places`, `events`; the later one also `owners` (its shingles' passages) and `standing` (set of passage numbers).

local byte, sub, log, max, min = string.byte, string.sub, math.log, math.max, math.min

local COVERED, LEAST_SHINGLES, UNKNOWN, UNKNOWN_EVENT = 0.6, 4, 0.5, 0.3
local FORM_JACCARD = 0.3

-- The unsigned numbers of `size` bytes that a string packs.
local formats = {}
local function numbers_in(packed, size)
  local key = #packed * 16 + size
  local format = formats[key]
  if not format then
    format = '>' .. string.rep('I' .. size, #packed / size)
    formats[key] = format
  end
  local numbers = { struct.unpack(format, packed) }
  numbers[#numbers] = nil -- where it stopped reading
  return numbers
end

-- The numbers of a packed sample, in order.
local function codes_of(article)
  if not article.codes then article.codes = numbers_in(article.sample, 3) end
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
    local weights = {}
    for _, number in ipairs(numbers_in(article.terms, 4)) do
      local weight = number % 256
      weights[number - weight] = weight
    end
    article.weights = weights
  end
  return article.weights
end

local function cosine(article, other)
  local weights, sum = weights_of(article), 0
  local theirs = other.term_numbers
  if not theirs then
    theirs = numbers_in(other.terms, 4)
    other.term_numbers = theirs
  end
  for at = 1, #theirs do
    local number = theirs[at]
    local weight = number % 256
    local mine = weights[number - weight]
    if mine then sum = sum + mine * weight end
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

-- How many of an article's shingles there are at a grain, in all and in its beginning; of the later article also how many
-- in each passage that says something.
local function sizes_of(article, grain)
  local known = article.sizes and article.sizes[grain]
  if known then return known end
  local codes, standing, passage_of = codes_of(article), article.standing, article.passage_of
  local sizes = { all = 0, lead = 0, telling = 0, passages = {} }
  if not standing and grain == 2 ^ article.level then
    sizes.all, sizes.lead, codes = #codes, article.lead, {}
  end
  for number = 1, #codes do
    if codes[number] % grain == 0 then
      sizes.all = sizes.all + 1
      if number <= article.lead then sizes.lead = sizes.lead + 1 end
      if standing and not standing[passage_of[number]] then
        local passage = passage_of[number]
        sizes.telling = sizes.telling + 1
        sizes.passages[passage] = (sizes.passages[passage] or 0) + 1
      end
    end
  end
  article.sizes = article.sizes or {}
  article.sizes[grain] = sizes
  return sizes
end

local function compared(article, other, before)
  local grain = 2 ^ max(article.level, other.level)
  local index, passage_of, standing = index_of(article), article.passage_of, article.standing
  local mine_at, theirs_at = sizes_of(article, grain), sizes_of(other, grain)
  local shared, standing_shared, lead_shared, their_lead_shared = 0, 0, 0, 0
  local hits, touched, theirs = {}, {}, codes_of(other)
  for number = 1, #theirs do
    local code = theirs[number]
    local at = index[code]
    if at and code % grain == 0 then
      if number <= other.lead then their_lead_shared = their_lead_shared + 1 end
      if at <= article.lead then lead_shared = lead_shared + 1 end
      local passage = passage_of[at]
      if standing[passage] then
        standing_shared = standing_shared + 1
      else
        shared = shared + 1
        if not hits[passage] then
          hits[passage] = 0
          touched[#touched + 1] = passage
        end
        hits[passage] = hits[passage] + 1
      end
    end
  end
  local their_size, mine = max(theirs_at.all - standing_shared, 1), max(mine_at.telling, 1)
  local covered, covered_hits = 0, 0
  for _, passage in ipairs(touched) do
    local size = mine_at.passages[passage]
    if size >= LEAST_SHINGLES and hits[passage] / size >= COVERED then
      covered, covered_hits = covered + size, covered_hits + hits[passage]
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
    lead_of_later = lead_shared / max(mine_at.lead, 1),
    lead_of_earlier = their_lead_shared / max(theirs_at.lead, 1),
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
