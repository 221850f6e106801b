/** Tests run as the ES modules that production runs; @swc/jest only strips types and compiles decorators. */
export default {
  cacheDirectory: '<rootDir>/node_modules/.cache/jest', // Nothing of a run stays in the system's temp directory.
  testMatch: ['<rootDir>/{apps,libs}/*/{src,test}/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testTimeout: process.env['TEST_INFRA'] === 'containers' ? 120_000 : 30_000, // Hooks start servers, or pull their images.
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
};
