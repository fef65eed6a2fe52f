/** Reports each problem once, until a look passes without it. */
export class Warnings {
  readonly #report: (text: string) => void
  #known = new Set<string>()
  #ofLook = new Set<string>()

  constructor(report: (text: string) => void) {
    this.#report = report
  }

  /** Begins a look. */
  begin(): void {
    this.#known = this.#ofLook
    this.#ofLook = new Set()
  }

  add(text: string): void {
    const isNew = !this.#known.has(text) && !this.#ofLook.has(text)
    this.#ofLook.add(text)
    if (isNew) this.#report(text)
  }
}
