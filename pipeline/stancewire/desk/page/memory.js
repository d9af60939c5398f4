"use strict";
// The source of a report: its records, columns of them, come with the page and are searched and counted here.

const FLAGS = ["hedged", "conditional", "changed"];

/** Return the bytes that a data element of the page holds, unpacked, as JSON. */
async function unpacked(element) {
  const coded = element.textContent;
  const bytes = Uint8Array.fromBase64
    ? Uint8Array.fromBase64(coded)
    : Uint8Array.from(atob(coded), (each) => each.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Return the source over the data elements of this page. */
async function memorySource() {
  if (typeof DecompressionStream === "undefined")
    throw new Error("this browser is too old to unpack the page; one of 2023 or later can");
  const meta = JSON.parse(byId("meta").textContent);
  const table = await unpacked(byId("table-data"));
  const records = new MemoryRecords({ ...table, articles: await unpacked(byId("article-data")) });
  const texts = new MemoryTexts([...document.querySelectorAll("script.texts")]);
  setTimeout(() => records.words(), 300); // the first search finds its words ready
  return {
    review: null,
    meta: async () => meta,
    summary: async (query, { holders = 25 } = {}) => records.summary(query, holders),
    networks: async () => records.networks,
    rows: async (query, order) => records.page(query, order),
    article: async (id) => records.article(id, texts),
  };
}

/** The articles' texts, in packed blocks of which the last few stay unpacked. */
class MemoryTexts {
  constructor(elements) {
    this.elements = elements;
    this.blocks = new Map();
  }

  async text([block, index]) {
    if (!this.blocks.has(block)) this.blocks.set(block, unpacked(this.elements[block]));
    if (this.blocks.size > 8) this.blocks.delete(this.blocks.keys().next().value);
    return (await (this.blocks.get(block) ?? unpacked(this.elements[block])))[index];
  }
}

/** The records as columns: numbers that point into lists of the different values. */
class MemoryRecords {
  constructor(table) {
    Object.assign(this, table);
    this.count = this.rows.id.length;
    this.places = new Map(this.articles.id.map((id, index) => [id, index]));
    this.kinds = this.holders.map(([, kind]) => kind);
    this.published = this.rows.article.map((article) => this.articles.published[article]?.slice(0, 10) ?? "");
    this.outletOf = this.rows.article.map((article) => this.articles.outlet[article]);
    this.known = { key: null, found: null };
    this.ranks = {};
  }

  /** Return in lower case what a search looks into, for each record. */
  words() {
    this.lower ??= Array.from({ length: this.count }, (_, row) =>
      [
        this.holders[this.rows.holder[row]][0],
        this.names[this.rows.mention[row]],
        this.articles.title[this.rows.article[row]] ?? "",
        ...this.rows.evidence[row].map(([, , quote]) => quote),
      ]
        .map(plain)
        .join("\n"),
    );
    return this.lower;
  }

  /** Return the numbers of the records that a query asks for, in the order of the run's files. */
  matching(query) {
    const key = JSON.stringify(query);
    if (this.known.key === key) return this.known.found;
    const tests = this.tests(query);
    const found = [];
    for (let row = 0; row < this.count; row += 1) if (tests.every((test) => test(row))) found.push(row);
    this.known = { key, found };
    return found;
  }

  tests(query) {
    const { rows, holders } = this;
    const tests = [];
    const among = (wanted, values, column) => {
      if (!wanted?.length) return;
      const isWanted = values.map((value) => wanted.includes(value));
      tests.push((row) => isWanted[column[row]]);
    };
    among(query.kinds, this.kinds, rows.holder);
    among(query.topics, this.topics, rows.topic);
    among(query.stances, STANCES, rows.stance);
    among(query.outlets, this.outlets, this.outletOf);
    among(query.voices, this.voices, rows.voice);
    among(query.statuses, this.statuses, rows.status);
    among(
      query.holder ? [query.holder] : null,
      holders.map(([name]) => name),
      rows.holder,
    );
    const flags = (query.flags ?? []).reduce((bits, flag) => bits | (1 << FLAGS.indexOf(flag)), 0);
    if (flags) tests.push((row) => rows.flags[row] & flags);
    if (query.minConfidence) tests.push((row) => rows.confidence[row] >= query.minConfidence);
    if (query.from) tests.push((row) => this.published[row] >= query.from && this.published[row] !== "");
    if (query.to) tests.push((row) => this.published[row] !== "" && this.published[row] <= query.to);
    const text = plain(query.text ?? "");
    if (text) {
      const words = this.words();
      tests.push((row) => words[row].includes(text));
    }
    return tests;
  }

  /** Return the records of which each counts once in the query's unit. */
  counting(query) {
    const found = this.matching(query);
    const column = { story: this.rows.story, outlet: this.rows.once }[query.unit];
    if (!column) return found;
    const seen = new Uint8Array(this.count);
    return found.filter((row) => !seen[column[row]] && (seen[column[row]] = 1));
  }

  summary(query, holders) {
    const once = this.counting(query);
    return {
      total: this.matching(query).length,
      matrix: this.matrix(once, holders),
      timeline: this.timeline(once),
      facts: this.different(this.matching(query)),
    };
  }

  /** Return how many records these are, of how many articles, holders and topics. */
  different(found) {
    const count = (column, values) => {
      const isSeen = new Uint8Array(values.length);
      for (const row of found) isSeen[column[row]] = 1;
      return isSeen.reduce((sum, each) => sum + each, 0);
    };
    return {
      records: found.length,
      articles: count(this.rows.article, this.articles.id),
      holders: count(this.rows.holder, this.holders),
      topics: count(this.rows.topic, this.topics),
    };
  }

  matrix(once, most) {
    const width = this.topics.length * 3;
    const counts = new Map();
    const isSeen = new Uint8Array(this.topics.length);
    for (const row of once) {
      const holder = this.rows.holder[row];
      if (!counts.has(holder)) counts.set(holder, new Uint32Array(width + 1));
      const cells = counts.get(holder);
      cells[this.rows.topic[row] * 3 + this.rows.stance[row]] += 1;
      cells[width] += 1;
      isSeen[this.rows.topic[row]] = 1;
    }
    const topics = this.topics.map((_, index) => index).filter((index) => isSeen[index]);
    const rows = [...counts]
      .sort(([, a], [, b]) => b[width] - a[width])
      .slice(0, most)
      .map(([holder, cells]) => ({
        holder: this.holders[holder][0],
        kind: this.holders[holder][1],
        cells: Object.fromEntries(
          topics.map((topic) => [this.topics[topic], [...cells.slice(topic * 3, topic * 3 + 3)]]),
        ),
      }));
    return { topics: topics.map((topic) => this.topics[topic]), rows, more: Math.max(counts.size - most, 0) };
  }

  timeline(once) {
    let first = "9999-12-31",
      last = "",
      undated = 0;
    for (const row of once) {
      const day = this.published[row];
      if (!day) undated += 1;
      else if (day < first) first = day;
      if (day > last) last = day;
    }
    const length = unitLength(first, last);
    const counts = new Map(this.topics.map((topic) => [topic, new Map()]));
    for (const row of once) {
      if (!this.published[row]) continue;
      const periods = counts.get(this.topics[this.rows.topic[row]]);
      const period = this.published[row].slice(0, length);
      if (!periods.has(period)) periods.set(period, [period, 0, 0, 0]);
      periods.get(period)[1 + this.rows.stance[row]] += 1;
    }
    const topics = [...counts]
      .filter(([, periods]) => periods.size)
      .map(([topic, periods]) => [topic, [...periods.values()].sort(([a], [b]) => (a < b ? -1 : 1))]);
    return { unit: { 4: "year", 7: "month", 10: "day" }[length], undated, topics: Object.fromEntries(topics) };
  }

  page(query, { sort, descending, offset, limit }) {
    const found = this.matching(query);
    return {
      total: found.length,
      rows: this.sorted(found, sort, descending)
        .slice(offset, offset + limit)
        .map((row) => this.row(row)),
    };
  }

  /** Return the records by a column; equal ones stay in the order of the files, and what lacks the value goes last. */
  sorted(found, sort, descending) {
    const ranks = sort && this.ranksBy(sort);
    if (!ranks) return found;
    const sign = descending ? -1 : 1;
    return [...found].sort(
      (a, b) =>
        (ranks[a] < 0 || ranks[b] < 0 ? (ranks[a] < 0) - (ranks[b] < 0) : sign * (ranks[a] - ranks[b])) || a - b,
    );
  }

  /** Return for each record how far back a column puts it, -1 where it has no value; null for a column unknown. */
  ranksBy(sort) {
    const { rows, articles } = this;
    const by = {
      stance: () => [STANCES, rows.stance],
      holder: () => [this.holders.map(([name]) => name), rows.holder],
      topic: () => [this.topics.map(topicName), rows.topic],
      voice: () => [this.voices, rows.voice],
      outlet: () => [this.outlets, this.outletOf],
      published: () => [articles.published, rows.article],
      confidence: () => [null, rows.confidence],
    }[sort];
    if (by && !this.ranks[sort]) {
      const [values, column] = by();
      const order = values && ranked(values);
      this.ranks[sort] = order ? column.map((index) => (index === null || index < 0 ? -1 : order[index])) : column;
    }
    return this.ranks[sort] ?? null;
  }

  row(row) {
    const { rows, articles, names } = this;
    const article = rows.article[row];
    return {
      id: rows.id[row],
      article: articles.id[article],
      title: articles.title[article],
      outlet: this.outlets[articles.outlet[article]] ?? null,
      published: articles.published[article],
      language: articles.language[article],
      holder: this.holders[rows.holder[row]][0],
      holderId: rows.holderId[row],
      kind: this.holders[rows.holder[row]][1],
      mention: names[rows.mention[row]],
      topic: this.topics[rows.topic[row]],
      stance: STANCES[rows.stance[row]],
      confidence: rows.confidence[row],
      p: rows.p[row],
      voice: this.voices[rows.voice[row]],
      speaker: names[rows.speaker[row]] ?? null,
      flags: FLAGS.filter((_, bit) => rows.flags[row] & (1 << bit)),
      evidence: rows.evidence[row],
      cues: rows.cues[row],
      cluster: rows.cluster[row],
      status: this.statuses[rows.status[row]],
      by: rows.by[row],
      at: rows.at[row],
      acceptedBy: rows.acceptedBy[row],
      acceptedAt: rows.acceptedAt[row],
      machine: this.machine[rows.id[row]] ?? null,
    };
  }

  async article(id, texts) {
    const place = this.places.get(id);
    if (place === undefined) return null;
    const { articles } = this;
    this.byArticle ??= Map.groupBy(this.rows.article.keys(), (row) => this.rows.article[row]);
    const at = articles.text[place];
    return {
      id,
      title: articles.title[place],
      outlet: this.outlets[articles.outlet[place]] ?? null,
      author: articles.author[place],
      published: articles.published[place],
      url: articles.url[place],
      language: articles.language[place],
      origins: articles.origins[place] ?? {},
      text: at ? await texts.text(at) : null,
      rows: (this.byArticle.get(place) ?? []).map((row) => this.row(row)),
    };
  }
}

/** Return a text as a search reads it: in small letters, and one blank for many. */
const plain = (text) => text.toLowerCase().replace(/\s+/g, " ").trim();

/** Return how much of a date a chart of this span tells apart: days up to two months, months up to eight years, then years. */
function unitLength(first, last) {
  const days = (Date.parse(last) - Date.parse(first)) / 86400000;
  return days <= 62 ? 10 : days <= 8 * 366 ? 7 : 4;
}

/** Return the place of each value in the alphabet of this browser's language; null values get -1. */
function ranked(values) {
  const { compare } = new Intl.Collator();
  const known = [...new Set(values.filter((value) => value !== null))].sort(compare);
  const places = new Map(known.map((value, index) => [value, index]));
  return values.map((value) => (value === null ? -1 : places.get(value)));
}
