/** The mark of `npm sbom` on packages that only developers need. */
const DEVELOPMENT = 'cdx:npm:package:development'

/**
 * Reduces a CycloneDX document of `npm sbom` to the contents of a package: its dependencies, and the development
 * dependencies that its bundles contain. `npm sbom --omit dev` leaves the latter out, although their code is in the
 * package.
 *
 * @param {any} bill the document for all packages of the project
 * @param {string} name the name of the package, because npm uses the name of the folder
 * @param {readonly string[]} licenses the texts of `licenses.txt` next to each bundle
 */
export function deliveredBill(bill, name, licenses) {
  const bundled = new Set(licenses.flatMap(bundledPackages))
  const components = bill.components.filter(
    (/** @type {any} */ each) =>
      bundled.has(`${each.name}@${each.version}`) ||
      !each.properties.some(
        (/** @type {any} */ property) => property.name === DEVELOPMENT && property.value === 'true',
      ),
  )
  const missing = [...bundled].filter((each) => !components.some((/** @type {any} */ one) => one['bom-ref'] === each))
  if (missing.length > 0) throw new Error(`npm sbom does not list ${missing.join(', ')}, which the bundles contain`)
  const root = bill.metadata.component
  const kept = new Set([root['bom-ref'], ...components.map((/** @type {any} */ each) => each['bom-ref'])])
  return {
    ...bill,
    metadata: { ...bill.metadata, component: { ...root, name } },
    components,
    dependencies: bill.dependencies
      .filter((/** @type {any} */ { ref }) => kept.has(ref))
      .map((/** @type {any} */ each) => ({
        ...each,
        dependsOn: each.dependsOn.filter((/** @type {string} */ ref) => kept.has(ref)),
      })),
  }
}

/**
 * @param {string} licenses
 * @returns {string[]} `commander@14.0.3` for each package whose license is in the file
 */
function bundledPackages(licenses) {
  return licenses.split(`\n${'-'.repeat(80)}\n\n`).flatMap((text) => {
    const [, name, version] = /^(\S+) (\d\S*)\n/.exec(text) ?? []
    return name === undefined ? [] : [`${name}@${version}`]
  })
}
