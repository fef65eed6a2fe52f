import { inheritorsOf, instanceOf, type Location } from '../diagnostics/location.ts'
import type { Declared } from './topology.ts'

/** The description and the labels of a declaration. They are for people and never reach the broker. */
export interface Description {
  readonly description?: string
  /** `owner` is known by convention. */
  readonly labels?: Readonly<Record<string, string>>
}

/** A part of a file with a description: a document, a declaration, or a binding in one. */
export interface DescribedPart extends Description {
  readonly file: string
  /** Line and column of its beginning and of its end, counted from 1. */
  readonly from: readonly [line: number, column: number]
  readonly to: readonly [line: number, column: number]
  /** The values of `forEach` for this instance, because several instances share one position. Default: none. */
  readonly instance?: readonly string[]
}

type Point = DescribedPart['from']

interface Node {
  readonly part: DescribedPart
  readonly parent: Node | undefined
}

/**
 * The descriptions of all files, by position. An object is looked up by the position of its declaration, so derived
 * objects have the description of their source. Descriptions are not properties of objects, so plans do not compare
 * them.
 */
export class Descriptions {
  readonly #nodes = new Map<string, Node[]>()

  constructor(parts: readonly DescribedPart[]) {
    for (const part of parts.toSorted((a, b) => compare(a.from, b.from) || compare(b.to, a.to))) {
      const key = keyOf(part.file, part.instance)
      const nodes = this.#nodes.get(key) ?? []
      let parent = nodes.at(-1)
      while (parent && compare(parent.part.to, part.to) < 0) parent = parent.parent
      nodes.push({ part, parent })
      this.#nodes.set(key, nodes)
    }
  }

  /**
   * The description of an object: its own, or that of the object that contains or produced it, or that of the header
   * of its document. Labels are merged, and the innermost value takes precedence.
   */
  of({ origin }: Pick<Declared, 'origin'>): Description {
    const around = origin === undefined ? [] : placesOf(origin).flatMap((place) => this.#around(place, origin))
    const description = around.find((part) => part.description !== undefined)?.description
    const labels = Object.assign({}, ...around.toReversed().map((part) => part.labels)) as Record<string, string>
    return { ...(description !== undefined && { description }), ...(Object.keys(labels).length > 0 && { labels }) }
  }

  /** The described parts around a position, from the innermost to the outermost. */
  #around(place: Location, origin: Location): DescribedPart[] {
    const instance = instanceOf(origin)
    // An instance with more values is nested in the one with fewer values.
    return [...instance.keys(), instance.length]
      .toReversed()
      .flatMap((count) => this.#aroundFor(instance.slice(0, count), place))
  }

  #aroundFor(instance: readonly string[], { file, line, column }: Location): DescribedPart[] {
    const nodes = this.#nodes.get(keyOf(file, instance)) ?? []
    const at: Point = [line, column]
    let low = 0
    let high = nodes.length
    while (low < high) {
      const middle = (low + high) >> 1
      const node = nodes[middle]
      if (node && compare(node.part.from, at) <= 0) low = middle + 1
      else high = middle
    }
    const around: DescribedPart[] = []
    for (let node = nodes[low - 1]; node; node = node.parent) {
      if (compare(at, node.part.to) < 0) around.push(node.part)
    }
    return around
  }
}

/**
 * The positions where an object was declared: an object that is derived from a property of a template belongs to the
 * object that inherits it.
 */
function placesOf(origin: Location): Location[] {
  return [...inheritorsOf(origin), origin]
}

function keyOf(file: string, instance: readonly string[] = []): string {
  return [file, ...instance].join('\0')
}

function compare(a: Point, b: Point): number {
  return a[0] - b[0] || a[1] - b[1]
}
