import { defineConfig } from 'vitest/config'

const exclude = ['**/node_modules/**', '**/.cache/**']
const real = '**/*.real.test.ts'
/** The whole constellation in one process: minutes of work, so `make check` leaves it to `make test`. */
const system = ['e2e', 'bad-input', 'poison', 'simulation'].map((folder) => `test/${folder}/**/*.test.ts`)

/** No test changes a module or a global, so files share the modules of their worker: loading them is half of the time otherwise. */
const sharing = { isolate: false, maxWorkers: 2 }

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude: [...exclude, real, ...system], ...sharing } },
      { test: { name: 'system', include: system, exclude: [...exclude, real], testTimeout: 30_000, ...sharing } },
      {
        test: {
          name: 'real',
          include: [real],
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
