import { defineConfig } from 'vite';

/**
 * The command as one file for the npm package: Node strips no types under node_modules. Its dependencies stay packages
 * of their own.
 */
export default defineConfig({
  // What the extension shows is no part of the command.
  publicDir: false,
  build: {
    ssr: 'src/cli/optbridge.ts',
    outDir: 'dist/cli',
    emptyOutDir: true,
    target: 'node24',
    rollupOptions: { output: { entryFileNames: 'optbridge.js' } },
  },
});
