import { xmlText } from '../words/xml-text.ts'

type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element of SVG with its children, which are SVG already. */
export function element(name: string, values: Attributes, children: readonly string[]): string {
  return `<${name}${attributes(values)}>${children.join('\n')}</${name}>`
}

/** The attributes of an element, with a space before each. Absent values are left out. */
export function attributes(values: Attributes): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${xmlText(String(value))}"`]))
    .join('')
}
