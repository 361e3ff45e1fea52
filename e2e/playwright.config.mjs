import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

const executablePath = process.env.PODLAB_CHROMIUM || execFileSync("which", ["chromium"]).toString().trim();
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  use: { baseURL: "http://127.0.0.1:4173/podlab/", launchOptions: { executablePath, args } },
  webServer: { command: "node serve.mjs ../dist 4173", url: "http://127.0.0.1:4173/podlab/", reuseExistingServer: false },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
