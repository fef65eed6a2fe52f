import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { TopologyPage } from '../../insight/page/topology-page.ts'
import { layOutGraph } from '../svg/lay-out-graph.ts'
import { pictureStyle } from '../svg/picture-style.ts'
import { legendSvgs } from '../svg/picture-svg.ts'
import { xmlText } from '../words/xml-text.ts'
import { pageBar } from './page-bar.ts'
import { pageGroups } from './page-groups.ts'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'
import { pageSurvey } from './page-survey.ts'

/** A topology with more groups begins with a list of them. */
const MOST_PICTURES = 6

/** A page about a topology in one file, which works without a server and requests nothing. */
export async function pageHtml(page: TopologyPage): Promise<string> {
  const [picture, script] = await Promise.all([layOutGraph(page.graph), pageScript()])
  const style = pictureStyle() + pageStyle()
  const title = `Topology of ${page.subject}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${xmlText(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
${pageBar(page, title)}
</header>
<div id="columns">
<main tabindex="-1" aria-label="Picture">
${page.survey === undefined ? '' : pageSurvey(page.survey)}
<div id="groups" data-view="${page.graph.groups.length > MOST_PICTURES ? 'overview' : 'all'}">
${pageGroups(page, picture)}
</div>
<div id="legend">${legendSvgs(picture).join('\n')}</div>
</main>
<aside id="panel" aria-label="Details" tabindex="-1"></aside>
</div>
<p id="status" role="status"></p>
<script type="application/gzip" id="data">${packed(page)}</script>
<script>${script}</script>
</body>
</html>
`
}

/** Allows this style sheet and this script, and nothing else: no request, no frame, no form, no code from a name. */
function policyOf(style: string, script: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`
}

/** The data as compressed JSON, in which most texts are often repeated: it takes up a tenth of the space. */
function packed(page: TopologyPage): string {
  return gzipSync(JSON.stringify(page)).toString('base64')
}
