/** Names for namespaces of TypeScript, each once. */
export class NamespaceNames {
  readonly #taken = new Set(['Routes', 'Vhosts'])

  /** `send-email` becomes `SendEmail`, and the next one of that name `SendEmail2`. */
  of(route: string): string {
    const words = route.split(/[^\p{L}\p{N}_$]+/u).filter((word) => word !== '')
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
    const name = /^[\p{L}_$]/u.test(joined) ? joined : `Message${joined}`
    let unique = name
    for (let n = 2; this.#taken.has(unique); n++) unique = `${name}${n}`
    this.#taken.add(unique)
    return unique
  }
}
