import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { GraphGroup } from '../../insight/graph/graph.ts'
import type { PageFinding, TopologyPage } from '../../insight/page/topology-page.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import { groupTitle, linkText } from '../graph/node-words.ts'
import type { Picture, PictureGroup } from '../svg/picture.ts'
import { groupPictureSvg } from '../svg/picture-svg.ts'
import { attributes, element } from '../svg/element.ts'
import { xmlText } from '../words/xml-text.ts'

type FindingsByNode = ReadonlyMap<string | undefined, readonly PageFinding[]>

/** The groups of a page: each with its name, its counts and its picture. */
export function pageGroups({ graph, findings }: TopologyPage, picture: Picture): string {
  const byNode: FindingsByNode = groupByKey(findings, ({ node }) => node)
  return graph.groups
    .map((group, index) => {
      const drawn = picture.groups[index]
      const title = groupTitle(group, graph)
      return `<section class="group" data-vhost="${xmlText(group.vhost)}" data-group="${xmlText(group.name)}" aria-labelledby="group-${index}">
<h2 id="group-${index}"><button type="button" class="open-group" data-index="${index}">${xmlText(title)}</button></h2>
<p class="counts">${countsOf(group, byNode)} <span class="shown"></span></p>
${linksOf(group)}
<div class="drawing">${drawn === undefined ? '' : groupPictureSvg(drawn, badges(drawn, byNode))}</div>
</section>`
    })
    .join('\n')
}

function countsOf({ nodes }: GraphGroup, byNode: FindingsByNode): string {
  const queues = nodes.filter((node) => node.kind === 'queue')
  const figures = queues.flatMap(({ figures }) => figures ?? [])
  const sum = (key: 'messages' | 'consumers') => figures.reduce((all, each) => all + (each[key] ?? 0), 0)
  const own = nodes.flatMap(({ id }) => byNode.get(id) ?? [])
  const errors = own.filter(({ severity }) => severity === 'error').length
  return xmlText(
    [
      countOf(queues.length, 'queue'),
      countOf(nodes.filter(({ kind }) => kind === 'exchange').length, 'exchange'),
      ...(figures.length === 0 ? [] : [countOf(sum('messages'), 'message'), countOf(sum('consumers'), 'consumer')]),
      ...(errors === 0 ? [] : [countOf(errors, 'error')]),
      ...(own.length === errors ? [] : [countOf(own.length - errors, 'warning')]),
    ].join(', '),
  )
}

/** The targets of a group's arrows, which the overview shows instead of the picture. */
function linksOf({ links }: GraphGroup): string {
  if (links.length === 0) return ''
  const words = links.slice(0, 6).map(linkText)
  const rest = links.length - words.length
  return `<p class="links">${xmlText(words.join(', '))}${rest === 0 ? '' : ` and ${withCommas(rest)} more`}</p>`
}

/** The number of findings at the corner of each node that has some. */
function badges({ nodes }: PictureGroup, byNode: FindingsByNode): string[] {
  return nodes.flatMap(({ id, x, y, width }) => {
    const own = byNode.get(id) ?? []
    if (own.length === 0) return []
    const severity = own.some((finding) => finding.severity === 'error') ? 'error' : 'warning'
    return [
      element(
        'g',
        {
          class: `finding-count ${severity}`,
          'aria-hidden': 'true',
          transform: `translate(${x + width - 4},${y + 2})`,
        },
        [
          severity === 'error' ? `<circle${attributes({ r: 9 })}/>` : `<path${attributes({ d: 'M0,-11L11,8H-11Z' })}/>`,
          `<text${attributes({ y: 4 })}>${withCommas(own.length)}</text>`,
        ],
      ),
    ]
  })
}
