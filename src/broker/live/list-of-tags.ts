/** Tags as a list: older versions write them as a comma-separated text. */
export function listOfTags(tags: readonly string[] | string): readonly string[] {
  return typeof tags === 'string' ? tags.split(',').filter((tag) => tag !== '') : tags
}
