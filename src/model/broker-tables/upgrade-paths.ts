import { isAtLeast } from '../broker-version.ts'

/**
 * The series that nodes of a series can be upgraded to (release notes of 3.11.0 to 4.3.0, "Upgrading"). From a series
 * that is not listed, there is no path.
 */
const NEXT_SERIES: Readonly<Record<string, readonly string[]>> = {
  '3.10': ['3.11'],
  '3.11': ['3.12'],
  '3.12': ['3.13'],
  '3.13': ['4.0', '4.1', '4.2'],
  '4.0': ['4.1', '4.2'],
  '4.1': ['4.2'],
  '4.2': ['4.3'],
}

/** The series of a version: `4.3` of `4.3.6`. */
export function seriesOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

/**
 * The shortest sequence of series from one to another, without the first. Undefined if there is none, as for a
 * downgrade. Empty within one series.
 */
export function upgradePath(from: string, to: string): readonly string[] | undefined {
  if (from === to) return []
  const next = (NEXT_SERIES[from] ?? []).filter((each) => isAtLeast(to, each)).toReversed()
  for (const each of next) {
    const rest = upgradePath(each, to)
    if (rest !== undefined) return [each, ...rest]
  }
  return undefined
}

/** Changes of a series that people have to check, because no object and no client shows them (release notes). */
const REMINDERS: readonly { readonly since: string; readonly text: string }[] = [
  {
    since: '3.13.0',
    text: 'do not enable khepri_db on 3.13: there is no upgrade from it to 4.0',
  },
  {
    since: '4.0.0',
    text: 'messages of more than 16 MiB are refused by default (max_message_size in rabbitmq.conf)',
  },
  {
    since: '4.0.0',
    text: 'x-death of a message that a program publishes again is ignored: programs that count retries with it need their own header',
  },
  {
    since: '4.0.0',
    text: 'remove classic_queue.default_version = 1 and cluster_formation.randomized_startup_delay_range from rabbitmq.conf: nodes do not start with them',
  },
  {
    since: '4.0.0',
    text: 'mqtt.default_user, mqtt.default_password and amqp1_0.default_user are replaced by anonymous_login_user and anonymous_login_pass',
  },
  {
    since: '4.0.0',
    text: 'install Erlang 26.2 or newer; TLS clients of the broker (shovels, federation, LDAP) then verify certificates by default',
  },
  {
    since: '4.2.0',
    text: 'remove *.cacerts from rabbitmq.conf (not cacertfile)',
  },
  {
    since: '4.3.0',
    text: 'enable khepri_db on 4.2, with: rabbitmqctl enable_feature_flag khepri_db',
  },
]

/** The changes of rabbitmq.conf and of programs between two versions that cannot be seen from outside. */
export function upgradeReminders(from: string, to: string): readonly string[] {
  return REMINDERS.filter(({ since }) => !isAtLeast(from, since) && isAtLeast(to, since)).map(({ text }) => text)
}
