import { about, type Rule } from '../../rule.ts'

export const requireLabels: Rule = {
  id: 'require-labels',
  group: 'policy',
  severity: 'off',
  meaning: 'A declared queue or exchange lacks a label that the config requires.',
  remedy: 'Add the label to the object, or to the header of its document for all objects.',
  *check({ topology, descriptions }, { labels }) {
    const required = textsOf(labels)
    for (const kind of ['exchange', 'queue'] as const) {
      for (const object of kind === 'queue' ? topology.queues : topology.exchanges) {
        // A live object has no labels.
        if (object.external || object.origin === undefined) continue
        const own = descriptions?.of(object).labels ?? {}
        const missing = required.filter((label) => !Object.hasOwn(own, label))
        if (missing.length === 0) continue
        yield about(kind, object as never, `${kind} "${object.name}" has no label ${missing.join(', ')}`)
      }
    }
  },
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
