/**
 * The keys of an AsyncAPI document, such as `publication.shop.order-paid`: unique for each id, and only with characters
 * that keys may have.
 */
export class ComponentKeys {
  readonly #keys = new Map<string, string>()
  readonly #taken = new Set<string>()

  of(id: string): string {
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const plain = id.replaceAll(/[:/]/g, '.').replaceAll(/[^A-Za-z0-9._-]/g, '_')
    let key = plain
    for (let number = 2; this.#taken.has(key); number += 1) key = `${plain}_${number}`
    this.#keys.set(id, key)
    this.#taken.add(key)
    return key
  }
}
