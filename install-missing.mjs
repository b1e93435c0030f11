// Run by npm before "start" and "test", on whatever Node (20 or newer) the machine has: installs the packages that
// package-lock.json names, among them the Node 24 that everything else runs on. Says and does nothing when all is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const lockFile = join(root, 'package-lock.json');
/** Written by npm at the end of an installation: what is in node_modules. */
const installedFile = join(root, 'node_modules', '.package-lock.json');
const ownNode = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

if (!isInstalled()) install();
if (!existsSync(ownNode) && Number(process.versions.node.split('.')[0]) < 24) {
  fail(
    `The hub runs on Node 24, and this is Node ${process.versions.node}. npm should have put one into node_modules, ` +
      'but is set to run no install scripts. Run "npm ci --ignore-scripts=false", or install Node 24, and try again.',
  );
}

function isInstalled() {
  if (!existsSync(installedFile)) return false;
  if (statSync(installedFile).mtimeMs >= statSync(lockFile).mtimeMs) return true;
  // A checkout renews the lock file's time, whether or not it asks for anything new.
  const wanted = packagesIn(lockFile);
  const installed = packagesIn(installedFile);
  const isSame = Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === '' ||
      (optional && !installed[path]) ||
      link ||
      !path.includes('node_modules/') ||
      installed[path]?.version === version,
  );
  if (isSame) utimesSync(installedFile, new Date(), new Date());
  return isSame;
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function install() {
  console.log(
    'Installing what package-lock.json names, Node 24 among it (npm ci). This takes a minute, once.',
  );
  // Not through node_modules/.bin: npm takes that away while it works.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter) },
    shell: process.platform === 'win32',
    stdio: 'inherit',
  });
  if (status !== 0)
    fail('npm could not install the packages; what it says is above. Then run the command again.');
}

function fail(words) {
  console.error(words);
  process.exit(1);
}
