// Pictures of the page: wide and phone, light and dark. usage: node shots.mjs OUT_DIR
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { serve } from "./serve.mjs";

const out = process.argv[2] ?? ".";
const server = await serve(new URL("../dist", import.meta.url).pathname, 4199);
const executablePath = execFileSync("which", ["chromium"]).toString().trim();
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args });
for (const [name, viewport, colorScheme] of [
  ["lab-light", { width: 1440, height: 900 }, "light"],
  ["lab-dark", { width: 1440, height: 900 }, "dark"],
  ["lab-phone", { width: 390, height: 844 }, "light"],
]) {
  const page = await browser.newPage({ viewport, colorScheme });
  page.on("console", (m) => m.type() === "error" && console.log(name, m.text()));
  page.on("pageerror", (e) => console.log(name, String(e)));
  await page.goto("http://127.0.0.1:4199/podlab/" + (process.argv[3] ?? ""));
  await page.getByRole("slider").waitFor({ timeout: 10000 }).catch(() => {});
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${out}/${name}.png` });
  await page.close();
}
await browser.close();
server.close();
