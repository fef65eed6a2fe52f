import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { exchangeText } from '../../render/words/exchange-text.ts'
import { showText } from '../../render/words/show-value.ts'
import { announce, element, required } from '../element.ts'
import { findNodes } from './find-nodes.ts'
import type { PageModel } from '../page-model.ts'

/**
 * Lists the nodes that are found while a string is typed. Enter opens the first, and the arrow keys lead into the list.
 */
export function startSearch(model: PageModel, open: (node: string) => void): void {
  const input = required('#search', HTMLInputElement)
  const list = required('#found', HTMLUListElement)
  const update = () => {
    const { found, all } = findNodes(input.value, model)
    const items = found.map(({ node, by }) => {
      const name = exchangeText(node.name)
      const where = model.vhosts.size > 1 ? ` in ${showText(node.vhost)}` : ''
      const details = `${node.kind}${where}${by === undefined ? '' : `, ${by}`}`
      const choose = () => {
        list.hidden = true
        open(node.id)
      }
      return element(
        'li',
        {},
        element('button', { type: 'button', onclick: choose }, name, element('small', {}, ` ${details}`)),
      )
    })
    const rest = all - found.length
    list.replaceChildren(
      ...items,
      ...(rest > 0 ? [element('li', { class: 'hint' }, `and ${withCommas(rest)} more`)] : []),
    )
    list.hidden = input.value.trim() === ''
    if (!list.hidden) {
      if (all === 0)
        list.replaceChildren(element('li', { class: 'hint' }, 'Nothing has this in its name, keys, owner or users.'))
      announce(all === 0 ? 'Nothing found' : `${withCommas(all)} found`)
    }
  }
  input.addEventListener('input', update)
  input.addEventListener('focus', update)
  const buttons = () => [...list.querySelectorAll('button')]
  input.addEventListener('keydown', (event) => {
    const [first] = buttons()
    if (first === undefined || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    if (event.key === 'Enter') first.click()
    else first.focus()
  })
  list.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const all = buttons()
    const at = all.findIndex((each) => each === document.activeElement)
    const next = all[at + (event.key === 'ArrowDown' ? 1 : -1)]
    if (next === undefined) input.focus()
    else next.focus()
  })
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !list.contains(target) && target !== input) list.hidden = true
  })
}

/** Closes the list of results; false if it was not open. */
export function closeSearch(): boolean {
  const list = required('#found', HTMLUListElement)
  if (list.hidden) return false
  list.hidden = true
  return true
}
