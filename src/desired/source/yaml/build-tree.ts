import { isAlias, isMap, isScalar, type Alias, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import {
  finding,
  type Finding,
  type FindingArguments,
  type FindingCode,
} from '../../../diagnostics/findings/finding.ts'
import { mergeEntries } from './merge-entries.ts'
import type { Places } from '../places.ts'
import { scalarValue } from './scalar-value.ts'
import type { SourceText } from '../source-text.ts'
import { isContainer, MAXIMUM_DEPTH, newTable, type Table, type Tree } from '../tree.ts'

/**
 * The limit of values from aliases in one file: a fixed number, and a few for each written value. So a small file
 * cannot fill the memory, and a large one may use `<<` everywhere.
 */
const EXPANSION = { always: 1_000_000, perValue: 20 }

const SCALAR_TAGS = new Set(['!', ...['str', 'int', 'float', 'bool', 'null'].map((tag) => `tag:yaml.org,2002:${tag}`)])
const MAP_TAGS = new Set(['!', 'tag:yaml.org,2002:map'])
const LIST_TAGS = new Set(['!', 'tag:yaml.org,2002:seq'])

/** The value of an anchor. */
interface Anchored {
  readonly value: Tree
  /** The number of values in it, including those of its aliases. */
  readonly size: number
  /** Whether the alias is inside the anchored value itself. */
  readonly open: boolean
}

/** Converts the nodes of one file to plain data, and records positions. */
export class TreeBuilder {
  readonly findings: Finding[] = []
  /** Set if aliases expand to too many values; the document is then unusable. */
  exhausted = false
  readonly #source: SourceText
  readonly #places: Places
  #anchors = new Map<string, Anchored>()
  #size = 0
  #written = 0
  #expansion = 0

  constructor(source: SourceText, places: Places) {
    this.#source = source
    this.#places = places
  }

  /** The data of one document. Anchors are limited to this document. */
  build(contents: Node): Tree {
    this.#anchors = new Map()
    return this.#value(contents, 0)
  }

  #value(node: Node | null, depth: number): Tree {
    this.#size++
    this.#written++
    if (!node) return null
    if (isAlias(node)) return this.#alias(node)
    const tags = isScalar(node) ? SCALAR_TAGS : isMap(node) ? MAP_TAGS : LIST_TAGS
    if (node.tag && !tags.has(node.tag)) {
      this.#find('unknown-tag', { tag: node.tag.replace('tag:yaml.org,2002:', '!!') }, node)
      return null
    }
    if (isScalar(node)) return this.#anchored(node, () => this.#scalar(node))
    if (depth >= MAXIMUM_DEPTH) {
      this.#find('nested-too-deep', { limit: MAXIMUM_DEPTH }, node)
      return null
    }
    if (isMap(node)) return this.#anchored(node, () => this.#table(node, depth))
    return this.#anchored(node, () => this.#list(node as YAMLSeq<Node>, depth))
  }

  #anchored(node: Exclude<Node, Alias>, build: () => Tree): Tree {
    if (!node.anchor) return build()
    const before = this.#size
    this.#anchors.set(node.anchor, { value: null, size: 0, open: true })
    const value = build()
    this.#anchors.set(node.anchor, { value, size: this.#size - before + 1, open: false })
    return value
  }

  #alias(node: Alias): Tree {
    const anchored = this.#anchors.get(node.source)
    // Without a name, it was already reported as a syntax error.
    if (!anchored && node.source !== '') this.#find('alias-unknown', {}, node)
    if (anchored?.open) this.#find('alias-recursive', {}, node)
    if (!anchored || this.exhausted) return null
    this.#expand(anchored.size, node)
    return this.exhausted ? null : anchored.value
  }

  #expand(size: number, node: Node): void {
    this.#size += size
    this.#expansion += size
    const limit = EXPANSION.always + EXPANSION.perValue * this.#written
    if (this.#expansion <= limit) return
    this.exhausted = true
    this.#find('alias-expansion', { limit }, node)
  }

  #scalar(node: Scalar): Tree {
    return scalarValue(node, (code) => {
      if (code === 'number-not-finite') this.#find(code, { text: node.source ?? '' }, node)
      else this.#find(code, {}, node)
    })
  }

  #list(node: YAMLSeq<Node>, depth: number): Tree[] {
    const offsets: number[] = []
    const list = node.items.map((item) => {
      const [start, end] = rangeOf(item)
      offsets.push(start, end)
      return this.#value(item, depth + 1)
    })
    const [start, end] = rangeOf(node)
    this.#places.record(list, { source: this.#source, start, end, offsets })
    return list
  }

  #table(node: YAMLMap, depth: number): Table {
    const table = newTable()
    const keys: string[] = []
    const offsets: number[] = []
    let merge: { readonly key: Node; readonly value: Node } | undefined
    let seen: Map<string, number> | undefined
    for (const pair of node.items) {
      const keyNode = pair.key as Node
      const valueNode = pair.value as Node | null
      if (isMergeKey(keyNode) && valueNode) {
        if (merge) this.#duplicate('<<', keyNode, rangeOf(merge.key)[0])
        merge ??= { key: keyNode, value: valueNode }
        continue
      }
      const key = this.#key(keyNode)
      if (key === undefined) continue
      if (key in table) {
        seen ??= new Map(keys.map((each, index) => [each, index]))
        this.#duplicate(key, keyNode, offsets[(seen.get(key) ?? 0) * 4])
        continue
      }
      const [keyStart, keyEnd] = rangeOf(keyNode)
      const [start, end] = valueNode ? rangeOf(valueNode) : [keyEnd, keyEnd]
      seen?.set(key, keys.length)
      keys.push(key)
      offsets.push(keyStart, keyEnd, start, end)
      table[key] = this.#value(valueNode, depth + 1)
    }
    const [ownStart, ownEnd] = rangeOf(node)
    this.#places.record(table, { source: this.#source, start: ownStart, end: ownEnd, keys, offsets })
    if (merge) this.#merge(table, merge.value, depth)
    return table
  }

  #merge(table: Table, node: Node, depth: number): void {
    const before = this.findings.length
    const value = this.#value(node, depth + 1)
    if (this.findings.length > before) return
    const added = mergeEntries(table, value, this.#places)
    if (added === undefined) this.#find('merge-not-table', {}, node)
    else this.#expand(added, node)
  }

  #key(node: Node): string | undefined {
    if (isScalar(node)) {
      if (node.anchor) this.#anchors.set(node.anchor, { value: node.source ?? '', size: 1, open: false })
      return node.source ?? ''
    }
    const anchored = isAlias(node) ? this.#anchors.get(node.source) : undefined
    if (anchored && !isContainer(anchored.value)) return String(anchored.value)
    this.#find(isAlias(node) && !anchored ? 'alias-unknown' : 'key-not-text', {}, node)
    return undefined
  }

  #duplicate(key: string, node: Node, firstStart = 0): void {
    const [start, end] = rangeOf(node)
    const first = this.#source.locate(firstStart, firstStart + end - start)
    this.findings.push(
      finding('duplicate-key', { key }, this.#source.locate(start, end), [{ label: 'first', location: first }]),
    )
  }

  #find<C extends FindingCode>(code: C, args: FindingArguments<C>, node: Node): void {
    const [start, end] = rangeOf(node)
    this.findings.push(finding(code, args, this.#source.locate(start, end)))
  }
}

function isMergeKey(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.source === '<<'
}

function rangeOf(node: Node): readonly [start: number, end: number] {
  const range = node.range
  return range ? [range[0], range[1]] : [0, 0]
}
