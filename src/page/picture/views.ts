import { required } from '../element.ts'

/** The view on the screen: the groups as boxes, all pictures, or the picture of one group. */
export type View =
  | { readonly kind: 'overview' }
  | { readonly kind: 'all' }
  | { readonly kind: 'group'; readonly group: number }

/** The smallest and the largest scale of a picture that is fitted to the screen. */
const SMALLEST = 0.55
const LARGEST = 1.6
const STEP = 1.25

/** Switches between the views, and zooms. */
export class Views {
  readonly #groups: HTMLElement
  readonly #sections: readonly HTMLElement[]
  #view: View = { kind: 'all' }
  /** The view with which the page begins. */
  readonly first: { readonly kind: 'overview' | 'all' }
  #zoom = 1

  constructor() {
    this.#groups = required('#groups', HTMLElement)
    this.#sections = [...this.#groups.querySelectorAll<HTMLElement>('section.group')]
    for (const svg of this.#groups.querySelectorAll('svg')) svg.dataset['width'] = svg.getAttribute('width') ?? ''
    this.first = { kind: this.#groups.dataset['view'] === 'overview' ? 'overview' : 'all' }
    this.show(this.first)
  }

  get view(): View {
    return this.#view
  }

  show(view: View): void {
    this.#view = view
    this.#zoom = 1
    this.#groups.dataset['view'] = view.kind
    this.#sections.forEach((section, index) =>
      section.classList.toggle('open', view.kind === 'group' && view.group === index),
    )
    for (const button of document.querySelectorAll<HTMLElement>('[data-view-button]')) {
      button.setAttribute('aria-pressed', String(button.dataset['viewButton'] === view.kind))
    }
    this.#resize()
    required('main', HTMLElement).scrollTo(0, 0)
  }

  /** Makes the pictures larger (1), smaller (-1), or as large as at first (0). */
  zoom(by: -1 | 0 | 1): void {
    this.#zoom = by === 0 ? 1 : Math.min(6, Math.max(0.2, this.#zoom * STEP ** by))
    this.#resize()
  }

  /** Fits the pictures into the width of the screen, as long as they stay readable. */
  #resize(): void {
    if (this.#view.kind === 'overview') return
    const room = this.#groups.clientWidth - 40
    const isOne = this.#view.kind === 'group'
    for (const [index, section] of this.#sections.entries()) {
      if (this.#view.kind === 'group' && this.#view.group !== index) continue
      const svg = section.querySelector('svg')
      if (svg === null) continue
      const width = Number(svg.dataset['width'])
      const fit = Math.min(isOne ? LARGEST : 1, Math.max(SMALLEST, room / width))
      svg.style.width = `${Math.round(width * fit * this.#zoom)}px`
      svg.style.height = 'auto'
    }
  }
}
