/** One Jest for every workspace. Node runs it with --experimental-vm-modules (see scripts/commands/test.ts). */
export default {
  testEnvironment: 'node',
  // What hangs is ended; how long anything may take is no test's business, for machines are shared.
  testTimeout: 60_000,
  roots: ['contracts', 'rules', 'collectors', 'media', 'center-server', 'web-wall', 'tests', 'scripts'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.runtime/', '<rootDir>/web-wall/dist/'],
  globalSetup: '<rootDir>/tests/helpers/global-setup.ts',
  globalTeardown: '<rootDir>/tests/helpers/global-teardown.ts',
};
