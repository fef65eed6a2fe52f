import { countOf } from '../diagnostics/text/count-of.ts'
import { exchangeText } from '../render/words/exchange-text.ts'
import { reachWords } from '../render/words/reach-words.ts'
import { type DeepLink, hashOf, linkOf, type TraceLink } from './deep-link.ts'
import { Drawing } from './picture/drawing.ts'
import { announce, element, required } from './element.ts'
import { startFilters } from './search/filter-bar.ts'
import { focusShape, startKeyboard } from './picture/keyboard.ts'
import type { PageModel } from './page-model.ts'
import { fillPanel, type PanelActions, showFindings, showNode } from './panel/panel.ts'
import { closeSearch, startSearch } from './search/search-box.ts'
import { traceLink } from './panel/trace-link.ts'
import { focusTraceForm, showTrace } from './panel/trace-panel.ts'
import { Views } from './picture/views.ts'

/** The page as a whole: the selected node, and the part of the page on the screen. Its address names both. */
export class TopologyView {
  readonly #model: PageModel
  readonly #drawing: Drawing
  readonly #views: Views
  readonly #actions: PanelActions & { readonly trace: (link: TraceLink) => void }
  #selected: string | undefined

  constructor(model: PageModel) {
    this.#model = model
    this.#drawing = new Drawing(document, model)
    this.#views = new Views()
    this.#actions = {
      open: (id) => this.#go({ kind: 'node', id }),
      close: () => this.#close(),
      traceFrom: (from) => {
        this.#showTrace({ kind: 'trace', from, key: '', parameters: {}, headers: {} }, false)
        focusTraceForm()
      },
      trace: (link) => this.#go(link),
    }
  }

  start(): void {
    startSearch(this.#model, this.#actions.open)
    startFilters(this.#model, this.#drawing)
    startKeyboard(this.#model, {
      openNode: (shape) => this.#openShape(shape),
      focusNode: (id) => this.#focus(id),
      escape: () => this.#escape(),
      zoom: (by) => this.#views.zoom(by),
    })
    this.#startButtons()
    required('#groups', HTMLElement).addEventListener('click', ({ target }) => {
      const shape = target instanceof Element ? target.closest<SVGGElement>('g.node') : null
      if (shape !== null) this.#openShape(shape)
    })
    this.#showHelp()
    window.addEventListener('hashchange', () => this.#follow(linkOf(location.hash)))
    this.#follow(linkOf(location.hash))
    window.addEventListener('resize', () => this.#views.zoom(0))
  }

  #startButtons(): void {
    const on = (selector: string, act: (button: HTMLElement) => void) => {
      for (const button of document.querySelectorAll<HTMLElement>(selector)) {
        button.addEventListener('click', () => act(button))
      }
    }
    on('[data-view-button="overview"]', () => this.#go({ kind: 'overview' }))
    on('[data-view-button="all"]', () => this.#go({ kind: 'all' }))
    on('button.open-group', (button) => this.#go(this.#groupLink(Number(button.dataset['index']))))
    on('#zoom-in', () => this.#views.zoom(1))
    on('#zoom-out', () => this.#views.zoom(-1))
    on('#show-trace', () => {
      this.#showTrace(undefined, false)
      focusTraceForm()
    })
    on('#show-findings', () => {
      showFindings(this.#model, this.#actions)
      required('#panel h2', HTMLElement).focus()
    })
  }

  #groupLink(index: number): DeepLink {
    const group = this.#model.page.graph.groups[index]
    return group === undefined ? { kind: 'all' } : { kind: 'group', vhost: group.vhost, group: group.name }
  }

  /** Opens a link and puts it into the address, so that the Back button of the browser returns here. */
  #go(link: DeepLink): void {
    const hash = hashOf(link)
    if (location.hash !== hash) history.pushState(null, '', hash)
    this.#follow(link)
  }

  #follow(link: DeepLink | undefined): void {
    closeSearch()
    switch (link?.kind) {
      case undefined:
        return
      case 'overview':
      case 'all':
        return this.#views.show({ kind: link.kind })
      case 'group': {
        const index = this.#indexOf(link.vhost, link.group)
        if (index !== -1) this.#showGroup(index)
        return
      }
      case 'node':
        return this.#showNode(link.id)
      case 'trace':
        return this.#showTrace(link, true)
    }
  }

  #indexOf(vhost: string, name: string): number {
    return this.#model.page.graph.groups.findIndex((group) => group.vhost === vhost && group.name === name)
  }

  #showGroup(index: number): void {
    this.#views.show({ kind: 'group', group: index })
    const first = document.querySelectorAll('section.group')[index]?.querySelector<SVGGElement>('g.node')
    if (first) focusShape(first)
  }

  #showNode(id: string): void {
    const found = this.#model.nodes.get(id)
    if (found === undefined) return announce('There is no such exchange, queue, publication or subscription.')
    this.#select(id)
    this.#focus(id)
    showNode(found.node, this.#model, this.#actions)
    announce(`${found.node.kind} ${exchangeText(found.node.name)}: its facts are in the panel`)
  }

  #select(id: string | undefined): void {
    this.#selected = id
    this.#drawing.select(id)
    this.#drawing.trace(undefined)
  }

  /** Focuses a node in the view in which it is drawn. */
  #focus(id: string): void {
    const found = this.#model.nodes.get(id)
    const shape = this.#drawing.shape(id)
    if (found === undefined || shape === undefined) return
    const { view } = this.#views
    const isShown = view.kind === 'all' || (view.kind === 'group' && view.group === found.group)
    if (!isShown) this.#views.show({ kind: 'group', group: found.group })
    focusShape(shape)
  }

  #showTrace(link: TraceLink | undefined, run: boolean): void {
    const outcome = link !== undefined && run ? traceLink(link, this.#model) : undefined
    this.#select(undefined)
    showTrace(link, outcome, this.#model, this.#actions)
    if (outcome === undefined) return
    if ('problem' in outcome) return announce(outcome.problem)
    this.#drawing.trace(outcome.trace)
    announce(`Reaches ${reachWords(outcome.trace.reach)}`)
  }

  #openShape(shape: SVGGElement): void {
    const { id = '', node, targetGroup } = shape.dataset
    if (this.#model.nodes.has(id)) return this.#go({ kind: 'node', id })
    if (node !== undefined) return this.#go({ kind: 'node', id: node })
    const vhost = shape.closest<HTMLElement>('section.group')?.dataset['vhost'] ?? ''
    if (targetGroup !== undefined) this.#go({ kind: 'group', vhost, group: targetGroup })
  }

  #escape(): void {
    if (closeSearch()) return required('#search', HTMLInputElement).focus()
    if (this.#selected !== undefined || document.querySelector('#panel .close') !== null) return this.#close()
    if (this.#views.view.kind === 'group') this.#go(this.#views.first)
  }

  /** Closes the panel, and leaves the focus on the node that was selected. */
  #close(): void {
    const selected = this.#selected
    this.#select(undefined)
    this.#showHelp()
    const shape = selected === undefined ? undefined : this.#drawing.shape(selected)
    if (shape !== undefined) focusShape(shape)
    announce('Closed')
  }

  #showHelp(): void {
    const { nodes, page } = this.#model
    const keys: readonly (readonly [key: string, does: string])[] = [
      ['/', 'search'],
      ['Tab', 'to the next control, and into a picture'],
      ['Arrow keys', 'from node to node: left and right follow the messages'],
      ['Enter', 'opens a node, or the group behind a stub'],
      ['Escape', 'closes what is open'],
      ['+ − 0', 'zoom'],
    ]
    fillPanel(
      'Nothing selected',
      this.#actions,
      element(
        'p',
        {},
        `Choose one of ${countOf(nodes.size, 'node')} in ${countOf(page.graph.groups.length, 'group')} to see its facts.`,
      ),
      element('h3', {}, 'Keys'),
      element(
        'dl',
        { class: 'keys' },
        ...keys.flatMap(([key, does]) => [element('dt', {}, element('kbd', {}, key)), element('dd', {}, does)]),
      ),
    )
    document.querySelector('#panel .close')?.remove()
  }
}
