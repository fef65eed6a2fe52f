import type { TopologyPage } from '../../insight/page/topology-page.ts'

/** Draws the result of `graphPage` or `surveyPage` as one HTML file, which works without a server and requests nothing. */
export async function drawPage(page: TopologyPage): Promise<string> {
  // The layout of graphs is large, and only pictures need it.
  const { pageHtml } = await import('../page/page-html.ts')
  return pageHtml(page)
}
