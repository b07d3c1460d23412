import { defineConfig } from "vitest/config";

const FOLDERS =
  "base,codecs,sources,raft,compat-matrix,migrate,rehearsal,sim,release,report,cli,bench";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: [`{${FOLDERS}}/**/*.test.ts`], testTimeout: 20_000 } },
      { test: { name: "whole", include: ["test/**/*.test.ts"], testTimeout: 120_000 } },
    ],
  },
});
