import { Document, isCollection, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { type CommentedTable, type CommentedValue, isList } from './commented.ts'
import { type KeyOrder, sortedByRank } from './format-yaml.ts'

/** Text that every YAML reader reads as this text without quotes. */
const PLAIN = /^(?:[A-Za-z_/][A-Za-z0-9_./-]*|[0-9]+(?:ms|s|m|h|d|[KMGT]i?B))$/
const NOT_PLAIN = /^(?:y|yes|n|no|on|off|true|false|null)$/i

/** Writes documents as YAML in the same form as `formatYaml`: one key on each line, without anchors. */
export function writeYaml(documents: readonly CommentedTable[], order: KeyOrder): string {
  return documents
    .map((table) => {
      const document = new Document()
      document.contents = mapOf(table, order)
      return document.toString({ lineWidth: 0 })
    })
    .join('---\n')
}

function nodeOf(value: CommentedValue, order: KeyOrder | undefined): Scalar | YAMLMap | YAMLSeq {
  if (typeof value !== 'object' || value === null) return scalarOf(value)
  if (!isList(value)) return mapOf(value, order)
  const list = new YAMLSeq<Scalar | YAMLMap | YAMLSeq>()
  list.items = value.map((each) => nodeOf(each, order?.items()))
  list.flow = list.items.every((each) => !isCollection(each) || each.flow === true)
  return list
}

function mapOf({ entries }: CommentedTable, order: KeyOrder | undefined): YAMLMap {
  const map = new YAMLMap()
  map.flow = entries.length === 0
  const sorted = order ? sortedByRank(entries, ({ key }) => order.rank(key)) : entries
  map.items = sorted.map(({ key, value, comment }) => {
    const name = scalarOf(key)
    if (comment !== undefined) name.commentBefore = comment.replace(/^/gm, ' ')
    return new Pair(name, nodeOf(value, order?.within(key)))
  })
  return map
}

function scalarOf(value: string | number | boolean | null): Scalar {
  const scalar = new Scalar<unknown>(value)
  if (typeof value === 'string') scalar.type = PLAIN.test(value) && !NOT_PLAIN.test(value) ? 'PLAIN' : 'QUOTE_DOUBLE'
  return scalar
}
