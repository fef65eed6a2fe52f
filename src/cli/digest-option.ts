/** Refuses an incomplete digest before anything is done. @throws {WarrenError} `INVALID_OPTION` */
export async function checkDigestOption(expected: string | undefined): Promise<void> {
  if (expected === undefined) return
  const { requireWholeDigest } = await import('../operations/change/check-digest.ts')
  requireWholeDigest(expected)
}
