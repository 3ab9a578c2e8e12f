import { defineConfig } from 'vitest/config'

const exclude = ['**/node_modules/**', '**/.cache/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.real.test.ts'],
        },
      },
      {
        test: {
          name: 'real',
          include: ['**/*.real.test.ts'],
          exclude,
          globalSetup: ['packages/dev-env/src/real/vitest-setup.ts'],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
