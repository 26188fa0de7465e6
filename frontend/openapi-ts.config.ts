import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: '../backend/openapi.json',
  output: { path: 'src/api/generated', entryFile: false },
  plugins: ['@hey-api/typescript', '@hey-api/client-fetch'],
});
