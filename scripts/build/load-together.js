import { join } from 'node:path'

/**
 * Files of the command line whose imports are bundled into one file, in the order of loading: a command that loads
 * one of them loads the files of the lines above first. Opening a small module takes longer than running it, and the
 * bundler would create some seventy for `validate`.
 */
const TOGETHER = {
  start: ['cli/run-main'],
  files: [
    'operations/workspace/select-workspace-runs',
    'operations/workspace/run-settings',
    'operations/workspace/validate-runs',
  ],
  // Needed by plans, and by files in an unusual form.
  yaml: ['desired/source/yaml/parse-documents'],
  management: ['broker/management/client', 'operations/session/reach-broker'],
  session: ['operations/session/session'],
  plan: ['operations/change/plan', 'render/text/plan-text'],
  apply: ['operations/change/apply'],
}

/**
 * A plugin of the bundler, and how to split its output. Modules that `import()` loads belong to no group, so that
 * they are only loaded when needed.
 *
 * @param {string} modules the folder of the compiled modules
 */
export function loadTogether(modules) {
  /** @type {Map<string, string>} the group of each module */
  const groups = new Map()
  /** @type {import('rolldown').Plugin} */
  const plugin = {
    name: 'load-together',
    buildEnd() {
      for (const [name, roots] of Object.entries(TOGETHER)) {
        const waiting = roots.map((root) => join(modules, `${root}.js`))
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
          if (groups.has(id)) continue
          groups.set(id, name)
          waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []))
        }
      }
    },
  }
  const codeSplitting = {
    groups: Object.keys(TOGETHER).map((name, index, { length }) => ({
      name,
      priority: length - index,
      test: (/** @type {string} */ id) => groups.get(id) === name,
    })),
  }
  return { plugin, codeSplitting }
}
