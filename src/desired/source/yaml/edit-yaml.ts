import { isMap, isNode, isScalar, isSeq, parseAllDocuments, visit, type Node, type YAMLSeq } from 'yaml'
import type { Location } from '../../../diagnostics/location.ts'
import { LineTable } from '../../../diagnostics/text/line-table.ts'
import { commentsIn } from './format-yaml.ts'

/** A change of text at one position, which leaves all other text unchanged. */
export type YamlEdit =
  /** Removes the item of a list that begins at this position. */
  | { readonly kind: 'remove-item' }
  /** Removes the line of a comment. */
  | { readonly kind: 'remove-comment' }
  /** Writes another text for a key of the table that begins there. */
  | { readonly kind: 'replace'; readonly key: string; readonly from: string; readonly to: string }

/**
 * Edits YAML or JSON. Comments, order, quotes and spaces elsewhere do not change.
 *
 * @returns undefined if the edit could damage the notation at this position: next to a comment, which may be about
 *   it, or behind an alias
 */
export function editYaml(
  text: string,
  { line, column }: Pick<Location, 'line' | 'column'>,
  edit: YamlEdit,
): string | undefined {
  const lines = new LineTable(text)
  if (edit.kind === 'remove-comment') return withoutComment(text, lines, line - 1)
  const at = lines.start(line - 1) + column - 1
  const edited = edit.kind === 'remove-item' ? withoutItem(text, lines, at) : withValue(text, at, edit)
  return edited !== undefined && commentsIn(text).length === commentsIn(edited).length ? edited : undefined
}

function withoutComment(text: string, lines: LineTable, line: number): string | undefined {
  const [start, end] = [lines.start(line), lines.start(line + 1)]
  return text.slice(start, end).trimStart().startsWith('#') ? text.slice(0, start) + text.slice(end) : undefined
}

function withoutItem(text: string, lines: LineTable, at: number): string | undefined {
  const list = listWith(text, at)
  const index = list?.items.findIndex((item) => startOf(item) === at) ?? -1
  if (list === undefined || index < 0) return undefined
  return list.flow === true ? withoutFlowItem(text, list, index) : withoutLines(text, lines, list, index)
}

/** `[a, b]`: the comma is removed together with the item. */
function withoutFlowItem(text: string, { items }: YAMLSeq, index: number): string | undefined {
  const [item, previous, next] = [items[index], items[index - 1], items[index + 1]]
  const [start, end] = [startOf(item), endOf(item)]
  if (start === undefined || end === undefined) return undefined
  if (next !== undefined) return text.slice(0, start) + text.slice(startOf(next) ?? start)
  return text.slice(0, previous === undefined ? start : (endOf(previous) ?? start)) + text.slice(end)
}

/** Removes an item on its own lines. A list without items would no longer be a list. */
function withoutLines(text: string, lines: LineTable, { items }: YAMLSeq, index: number): string | undefined {
  const [start, end] = [startOf(items[index]), endOf(items[index])]
  if (items.length < 2 || start === undefined || end === undefined) return undefined
  const [first, last] = [lines.lineAt(start), lines.lineAt(start + text.slice(start, end).trimEnd().length - 1)]
  const isAlone = /^ *- +$/.test(text.slice(lines.start(first), start))
  const isExplained =
    first > 0 &&
    text
      .slice(lines.start(first - 1), lines.start(first))
      .trimStart()
      .startsWith('#')
  return isAlone && !isExplained ? text.slice(0, lines.start(first)) + text.slice(lines.start(last + 1)) : undefined
}

function withValue(text: string, at: number, { key, from, to }: YamlEdit & { kind: 'replace' }): string | undefined {
  const item = listWith(text, at)?.items.find((each) => startOf(each) === at)
  const value = isMap(item) ? item.get(key, true) : undefined
  if (!isScalar(value) || String(value.value) !== from || !value.range) return undefined
  const [start, end] = value.range
  const written = text.slice(start, end)
  return written.includes(from) ? text.slice(0, start) + written.replace(from, () => to) + text.slice(end) : undefined
}

function listWith(text: string, at: number): YAMLSeq | undefined {
  let found: YAMLSeq | undefined
  for (const document of parseAllDocuments(text, { version: '1.2', schema: 'failsafe', logLevel: 'silent' })) {
    visit(document, {
      Seq: (_key, node) => {
        if (!isSeq(node) || !node.items.some((item) => startOf(item) === at)) return undefined
        found = node
        return visit.BREAK
      },
    })
  }
  return found
}

function startOf(item: unknown): number | undefined {
  return rangeOf(item)?.[0]
}

function endOf(item: unknown): number | undefined {
  return rangeOf(item)?.[1]
}

function rangeOf(item: unknown): Node['range'] {
  // An anchor begins before its node, and an alias elsewhere refers to the same node.
  return isNode(item) && !('anchor' in item && item.anchor !== undefined) ? item.range : undefined
}
