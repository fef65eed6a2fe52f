import type { TopologyPage } from '../insight/page/topology-page.ts'
import { required } from './element.ts'
import { pageModel } from './page-model.ts'
import { TopologyView } from './topology-view.ts'

const data = required('#data', HTMLScriptElement).textContent ?? ''
new TopologyView(pageModel(JSON.parse(data) as TopologyPage)).start()
