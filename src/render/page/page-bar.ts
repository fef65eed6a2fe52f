import { countOf } from '../../diagnostics/text/count-of.ts'
import type { Graph, GraphNode, NodeKind } from '../../insight/graph/graph.ts'
import type { TopologyPage } from '../../insight/page/topology-page.ts'
import { notDrawnLines, planTitle } from '../graph/change-words.ts'
import { showText } from '../words/show-value.ts'
import { xmlText } from '../words/xml-text.ts'

const KINDS: readonly (readonly [kind: NodeKind, label: string])[] = [
  ['publication', 'publications'],
  ['exchange', 'exchanges'],
  ['queue', 'queues'],
  ['subscription', 'subscriptions'],
]

/** The bar at the top of a page: its title, the search, the filters, and the buttons of views. */
export function pageBar({ graph, findings, routed }: TopologyPage, title: string): string {
  const nodes = graph.groups.flatMap((group) => group.nodes)
  const owners = distinct(nodes.map(({ owner }) => owner))
  const vhosts = distinct(nodes.map(({ vhost }) => vhost))
  return `<div class="head">
<h1>${xmlText(title)}</h1>
<p>${xmlText(countsOf(nodes))}; rules of RabbitMQ ${xmlText(routed.version)}</p>
${planOf(graph)}
</div>
<div role="search" class="search">
<label for="search">Search <kbd>/</kbd></label>
<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="name, key, owner or user">
<ul id="found" aria-label="Found" hidden></ul>
</div>
<form id="filters" aria-label="Filters">
${choice('owner', 'Owner', owners, 'all owners')}
${choice('vhost', 'Vhost', vhosts, 'all vhosts')}
<label>Prefix <input name="prefix" autocomplete="off" spellcheck="false" size="12"></label>
<fieldset><legend>Kinds</legend>${KINDS.filter(([kind]) => nodes.some((node) => node.kind === kind))
    .map(([kind, label]) => `<label><input type="checkbox" name="kind" value="${kind}" checked> ${label}</label>`)
    .join('\n')}</fieldset>
<label>Only <select name="only"><option value="">everything</option><option value="findings">with findings</option>${graph.plan === undefined ? '' : '<option value="changes">with changes</option>'}</select></label>
<button type="reset">Reset</button>
</form>
<div class="buttons" role="group" aria-label="Views">
${graph.groups.length < 2 ? '' : '<button type="button" data-view-button="overview" aria-pressed="false">Groups</button>'}
<button type="button" data-view-button="all" aria-pressed="true">All pictures</button>
<button type="button" id="zoom-out" aria-label="Smaller">−</button>
<button type="button" id="zoom-in" aria-label="Larger">+</button>
<button type="button" id="show-trace">Trace a message</button>
<button type="button" id="show-findings">${xmlText(countOf(findings.length, 'finding'))}</button>
</div>`
}

/** The summary of the plan, and its changes that no picture shows. */
function planOf({ plan }: Graph): string {
  if (plan === undefined) return ''
  const lines = notDrawnLines(plan)
  const title = `<p>${xmlText(planTitle(plan))}</p>`
  if (lines.length === 0) return title
  const items = lines.map((line) => `<li>${xmlText(line)}</li>`).join('')
  return `${title}<details><summary>Changes of other objects</summary><ul>${items}</ul></details>`
}

/** A list to choose from, where there is more than one value. */
function choice(name: string, label: string, values: readonly string[], all: string): string {
  if (values.length < 2) return ''
  const options = values.map((value) => `<option value="${xmlText(value)}">${xmlText(showText(value))}</option>`)
  return `<label>${label} <select name="${name}"><option value="">${all}</option>${options.join('')}</select></label>`
}

function countsOf(nodes: readonly GraphNode[]): string {
  const counts = KINDS.map(([kind]) => [kind, nodes.filter((node) => node.kind === kind).length] as const)
  return counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => countOf(count, kind))
    .join(', ')
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))].toSorted()
}
