/**
 * One lint for the whole house. Besides the strict type-checked rules it enforces the shape:
 * who may import whom, no process.env outside configuration, no clock inside rules/, short files and functions.
 */
import js from '@eslint/js';
import globals from 'globals';
import pluginVue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

const WORKSPACES = ['contracts', 'rules', 'collectors', 'media', 'center-server', 'web-wall', 'tests'];

/** Which of the house's own packages a folder may import. */
const MAY_IMPORT = {
  contracts: [],
  rules: ['contracts'],
  collectors: ['contracts'],
  media: ['contracts'],
  'center-server': ['contracts', 'rules'],
  'web-wall': ['contracts', 'rules'],
  // Benches measure the rules by themselves.
  scripts: ['contracts', 'rules'],
};

/** rules/ is pure: these are the only packages it may use besides contracts. */
const RULES_PACKAGES = ['rxjs', 'temporal-polyfill', 'chinese-days'];

/** The only files that may read the environment. */
const CONFIG_FILES = ['*/src/config.ts', '*/src/config/**', 'scripts/**', 'tests/**', '*.config.{js,ts}'];

const NO_PROCESS_ENV = {
  object: 'process',
  property: 'env',
  message: 'Read the environment in config only, and pass values in.',
};

function importDirections([folder, allowed]) {
  const banned = WORKSPACES.filter((name) => name !== folder && !allowed.includes(name));
  return {
    files: [`${folder}/**/*.{ts,vue,mjs}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: banned.flatMap((name) => [
            {
              group: [`@mingjing/${name}`, `@mingjing/${name}/*`, `**/${name}/src/**`, `../../${name}/**`],
              message: `${folder}/ may import only ${allowed.join(', ') || 'nothing of the house'}.`,
            },
          ]),
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['**/node_modules/**', '.runtime/**', 'web-wall/dist/**', 'coverage/**'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,vue}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // `const { secret: _, ...rest } = whole` is how a field is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  ...pluginVue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser },
      globals: globals.browser,
    },
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.{ts,vue,mjs,js}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.{ts,mjs}'],
    ignores: CONFIG_FILES,
    rules: { 'no-restricted-properties': ['error', NO_PROCESS_ENV] },
  },
  { files: ['scripts/**', '*/src/cli/**'], rules: { 'no-console': 'off' } },
  {
    // A test file is a list of stories; a describe block is as long as its stories are many.
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  ...Object.entries(MAY_IMPORT).map(importDirections),
  {
    files: ['rules/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?!\\.{1,2}/|@mingjing/contracts$|(${RULES_PACKAGES.join('|')})(/|$))`,
              message: `rules/ is pure: only contracts and ${RULES_PACKAGES.join(', ')}.`,
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'process',
        'performance',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes in as an argument or a scheduler.' },
        { object: 'Temporal', property: 'Now', message: 'Time comes in as an argument or a scheduler.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time comes in as an argument or a scheduler.',
        },
      ],
    },
  },
);
