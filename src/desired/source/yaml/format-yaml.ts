import { isMap, isScalar, isSeq, Lexer, parseAllDocuments, visit, type Document, type Pair } from 'yaml'

/** The order of the keys of a table, and of the keys in its values. */
export interface KeyOrder {
  /** The rank of a key among the others; undefined keeps it next to its neighbors. */
  readonly rank: (key: string) => number | undefined
  /** The order within the value of a key; undefined does not change it. */
  readonly within: (key: string) => KeyOrder | undefined
  /** The order within the items of a list. */
  readonly items: () => KeyOrder | undefined
}

/** The text is stable after at most this number of rounds, or never. */
const MOST_ROUNDS = 3

/**
 * Formats YAML: two spaces, double quotes for quoted text, at most one blank line, and keys in their canonical order.
 * Values keep their spelling, and tables stay in braces or in lines as written. Undefined if comments would be lost,
 * or the text does not become stable.
 */
export function formatYaml(text: string, order: KeyOrder): string | undefined {
  let formatted = text
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = formatOnce(formatted, order)
    if (next === formatted) return sameComments(text, formatted) ? formatted : undefined
    formatted = next
  }
  return undefined
}

function formatOnce(text: string, order: KeyOrder): string {
  // Without a schema, every scalar is text and keeps its spelling.
  const documents = parseAllDocuments(text, {
    version: '1.2',
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
  })
  if ('empty' in documents) return text
  for (const document of documents) formatDocument(document, order)
  return documents.map((each) => each.toString({ lineWidth: 0 })).join('')
}

function formatDocument(document: Document, order: KeyOrder): void {
  let hasAliases = false
  visit(document, {
    Alias: () => {
      hasAliases = true
    },
    Scalar: (_key, node) => {
      if (node.type === 'QUOTE_SINGLE' && !/["\\]/.test(String(node.value))) node.type = 'QUOTE_DOUBLE'
    },
  })
  // An anchor must stay before its aliases.
  if (!hasAliases) reorder(document.contents, order)
}

function reorder(node: unknown, order: KeyOrder): void {
  if (isSeq(node)) {
    const items = order.items()
    if (items) for (const item of node.items) reorder(item, items)
  }
  if (!isMap(node)) return
  for (const { key, value } of node.items) {
    const within = isScalar(key) ? order.within(String(key.value)) : undefined
    if (within) reorder(value, within)
  }
  node.items = sorted(node.items, order)
  const first = node.items[0]?.key
  if (isScalar(first)) first.spaceBefore = false
}

function sorted(pairs: readonly Pair[], order: KeyOrder): Pair[] {
  return sortedByRank(pairs, ({ key }) => (isScalar(key) ? order.rank(String(key.value)) : undefined))
}

/** Sorts keys by rank. Keys without a rank stay after the key that they follow. */
export function sortedByRank<T>(items: readonly T[], rankOf: (item: T) => number | undefined): T[] {
  let last = -1
  return items
    .map((item) => {
      last = rankOf(item) ?? last
      return { item, rank: last }
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

function sameComments(before: string, after: string): boolean {
  const [first, second] = [before, after].map((text) => commentsIn(text).toSorted())
  return JSON.stringify(first) === JSON.stringify(second)
}

/** The texts of all comments, from the lexer. */
export function commentsIn(text: string): string[] {
  return [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).map((token) => token.trimEnd())
}
