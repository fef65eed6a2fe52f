import { inheritorsOf, instanceOf, type Location } from '../diagnostics/location.ts'
import type { Declared } from './topology.ts'

/** The description and the labels of a declaration. They are for people and never reach the broker. */
export interface Description {
  readonly description?: string
  /** `owner` is known by convention. */
  readonly labels?: Readonly<Record<string, string>>
}

/** A part of a file that a description holds for: a document, a declaration, or a binding in one. */
export interface DescribedPart extends Description {
  readonly file: string
  /** Line and column of its beginning and of the place after its end, counted from 1. */
  readonly from: readonly [line: number, column: number]
  readonly to: readonly [line: number, column: number]
  /** The values of `forEach` that it was filled in for, since several instances share one place. Default: none. */
  readonly instance?: readonly string[]
}

type Point = DescribedPart['from']

interface Node {
  readonly part: DescribedPart
  readonly parent: Node | undefined
}

/**
 * The descriptions of all files, by place. An object is looked up by where it was declared, so that derived objects have
 * the description of what they were derived from, and none of it is a property of an object that plans could compare.
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
   * The description of an object: its own, else that of the object that contains or produced it, else that of the header of
   * its document. Labels of all of these are put together, and the innermost wins.
   */
  of({ origin }: Pick<Declared, 'origin'>): Description {
    const around = origin === undefined ? [] : placesOf(origin).flatMap((place) => this.#around(place, origin))
    const description = around.find((part) => part.description !== undefined)?.description
    const labels = Object.assign({}, ...around.toReversed().map((part) => part.labels)) as Record<string, string>
    return { ...(description !== undefined && { description }), ...(Object.keys(labels).length > 0 && { labels }) }
  }

  /** The parts around a place, from the innermost to the outermost. */
  #around(place: Location, origin: Location): DescribedPart[] {
    const instance = instanceOf(origin)
    // An instance for more values is nested in the one for fewer values.
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

/** Where an object was declared: what is derived from a property of a template belongs to the object that inherits it. */
function placesOf(origin: Location): Location[] {
  return [...inheritorsOf(origin), origin]
}

function keyOf(file: string, instance: readonly string[] = []): string {
  return [file, ...instance].join('\0')
}

function compare(a: Point, b: Point): number {
  return a[0] - b[0] || a[1] - b[1]
}
