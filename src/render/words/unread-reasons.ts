/** Why a part of a broker or of a file cannot be read, in words that a survey and a checkup share. */
export const UNREAD_REASONS = {
  'needs-administrator': 'the login has no tag administrator',
  'needs-policymaker': 'the login has no tag policymaker',
  'needs-monitoring': 'the login has no tag monitoring',
  'statistics-off': 'the broker collects no statistics',
  refused: 'the broker refused the request',
  'not-exported': 'the file does not contain it',
} as const
