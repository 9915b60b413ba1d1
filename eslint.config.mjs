import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const layer = (from, forbidden, why) => ({
  files: from,
  rules: {
    'no-restricted-imports': ['error', { patterns: forbidden.map((group) => ({ group: [group], message: why })) }],
  },
});

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', '.cache', 'test-results', '**/*.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked.map((c) => ({ ...c, files: ['**/*.ts', '**/*.svelte'] })),
  ...svelte.configs['flat/recommended'],
  {
    files: ['**/*.ts', '**/*.svelte'],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: ['tsconfig.json'] })] },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser }, globals: globals.browser },
    // The types of components come from svelte-check; these rules misread Svelte's generated types.
    rules: {
      'no-undef': 'off',
      'svelte/no-navigation-without-resolve': 'off',
      // Collections that are not signals are plain on purpose; one `let` for a bindable property is how properties are taken.
      'svelte/prefer-svelte-reactivity': 'off',
      'prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  layer(['shared/**'], ['node:*', 'electron', '#engine/*', '#renderer/*', '#web-host/*'], 'shared/ runs anywhere.'),
  layer(
    ['electron/engine/**', 'electron/web-host/**', 'electron/cli/**'],
    ['electron', 'electron/*', '#renderer/*', 'svelte', 'svelte/*'],
    'Only electron/main and electron/preload import electron.',
  ),
  layer(['renderer/**'], ['node:*', 'electron', '#engine/*', '#web-host/*'], 'The window knows no Node.'),
  layer(['electron/main/**', 'electron/preload/**'], ['#renderer/*'], 'The shell does not reach into the window.'),
  {
    files: ['electron/cli/**', 'build/**', 'test/bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: globals.node },
  },
);
