import type { TopologyPage } from '../insight/page/topology-page.ts'
import { required } from './element.ts'
import { pageModel } from './page-model.ts'
import { TopologyView } from './topology-view.ts'

void start()

async function start(): Promise<void> {
  new TopologyView(pageModel(await unpacked(required('#data', HTMLScriptElement).textContent ?? ''))).start()
  document.documentElement.dataset['ready'] = ''
}

/** Reads the data that `render/page` has packed. */
async function unpacked(base64: string): Promise<TopologyPage> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const json = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(json).json()) as TopologyPage
}
