/**
 * The part of a changelog about one version, without its heading.
 *
 * @param {string} changelog in the format of Keep a Changelog
 * @param {string} version
 * @returns {string | undefined}
 */
export function notesOf(changelog, version) {
  const section = changelog.split(/^(?=## )/m).find((each) => each.startsWith(`## [${version}]`))
  const notes = section?.slice(section.indexOf('\n') + 1).trim()
  return notes === undefined || notes === '' ? undefined : `${notes}\n`
}
