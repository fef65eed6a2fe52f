/** The properties of an element: attributes, listeners with a name such as `onclick`, and whether a flag is set. */
export type Properties = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>

export type Child = Node | string

/** Makes an element of HTML. Texts become text nodes, so nothing in them is read as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(key.replace(/^on/, ''), value)
    else if (typeof value === 'boolean') made.toggleAttribute(key, value)
    else if (value !== undefined) made.setAttribute(key, String(value))
  }
  made.append(...children)
  return made
}

/** Finds an element that the page always has. */
export function required<T extends Element>(selector: string, kind: new () => T): T {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new Error(`the page lacks ${selector}`)
}

/** Announces a message to screen readers, and shows it at the edge of the page. */
export function announce(text: string): void {
  required('#status', HTMLElement).textContent = text
}
