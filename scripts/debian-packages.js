import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

/**
 * A script for root's shell. By default, Debian starts the service of a package as soon as it is installed, and
 * whenever the machine starts. The tests need only private servers.
 *
 * @param {readonly string[]} packages
 * @param {readonly string[]} services `PACKAGE:SERVICE`; services of packages that were already installed remain unchanged
 */
function installation(packages, services) {
  const owners = [...new Set(services.map((each) => each.split(':', 1)[0]))]
  return `
set -eu
policy=/usr/sbin/policy-rc.d
saved=$policy.saved-by-warren
restore() {
  rm -f "$policy"
  if [ -e "$saved" ]; then mv "$saved" "$policy"; fi
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ -e "$policy" ] && ! [ -e "$saved" ]; then mv "$policy" "$saved"; fi
printf '#!/bin/sh\\nexit 101\\n' > "$policy"
chmod 755 "$policy"

old=" "
for package in ${owners.join(' ')}; do
  if dpkg-query -W -f '\${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then old="$old$package "; fi
done

export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends ${packages.join(' ')}; }
install || { apt-get update -qq && install; }

for each in ${services.join(' ')}; do
  package=\${each%%:*}
  service=\${each#*:}
  case "$old" in *" $package "*) continue ;; esac
  update-rc.d "\${service%.*}" disable 2> /dev/null || true
  # Debian's helper works without a running systemd, but only on behalf of a package.
  DPKG_MAINTSCRIPT_PACKAGE=$package deb-systemd-helper disable "$service" || true
  if [ -d /run/systemd/system ]; then systemctl stop "$service" || true; fi
done
`
}

/**
 * Installs packages of Debian with their services off. Returns the reason if that is not possible, or undefined.
 *
 * @param {readonly string[]} packages
 * @param {readonly string[]} services `PACKAGE:SERVICE`
 * @returns {string | undefined}
 */
export function installPackages(packages, services) {
  if (!isExecutable('/usr/bin/apt-get')) return 'there is no apt-get to install it with'
  const shell = rootShell()
  if (!shell) return 'installing it needs root or sudo without a password'
  const [command = 'sh', ...args] = shell
  const input = installation(packages, services)
  const { status, error, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8' })
  return status === 0 ? undefined : (error?.message ?? lastLines(stdout + stderr))
}

/**
 * Unpacks a folder of a Debian package without installing it. Returns the reason if that is not possible, or undefined.
 *
 * @param {string} name
 * @param {string} part the folder in the package, such as `./usr/bin`
 * @param {string} folder the target folder; it exists only after everything is unpacked
 * @returns {string | undefined}
 */
export function unpackPackage(name, part, folder) {
  if (!isExecutable('/usr/bin/apt-get')) return 'there is no apt-get to download it with'
  const input = `
set -eu
unfinished="$TARGET.unfinished-$$"
trap 'rm -rf "$unfinished"' EXIT
mkdir -p "$unfinished/unpacked"
cd "$unfinished"
download() { apt-get download -qq "$NAME" 2> /dev/null; }
download || { apt-get update -qq && download; }
dpkg-deb --fsys-tarfile ./*.deb > package.tar
tar --extract --file package.tar --directory unpacked "$PART"
rm -rf "$TARGET"
mv unpacked "$TARGET"
`
  const env = { ...process.env, NAME: name, PART: part, TARGET: folder }
  const { status, error, stdout, stderr } = spawnSync('sh', ['-s'], { input, encoding: 'utf8', env })
  return status === 0 ? undefined : (error?.message ?? lastLines(stdout + stderr))
}

/** @returns {string[] | undefined} a root shell, which reads its commands from standard input */
function rootShell() {
  if (process.getuid?.() === 0) return ['sh', '-s']
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n', 'sh', '-s'] : undefined
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @param {string} output */
function lastLines(output) {
  return output.trimEnd().split('\n').slice(-15).join('\n')
}
