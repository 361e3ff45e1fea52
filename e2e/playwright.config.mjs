import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

const executablePath = process.env.PODLAB_CHROMIUM || execFileSync("which", ["chromium"]).toString().trim();
const port = process.env.PODLAB_PORT || 4173;
const address = `http://127.0.0.1:${port}/podlab/`;
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  use: { baseURL: address, launchOptions: { executablePath, args } },
  webServer: { command: `node serve.mjs ../dist ${port}`, url: address, reuseExistingServer: false },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
