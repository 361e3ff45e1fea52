// Measures the built page in Chromium: keystroke to painted timeline, engine time, sizes. usage: node measure.mjs
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { serve } from "./serve.mjs";

const server = await serve(new URL("../dist", import.meta.url).pathname, 4198);
const executablePath = execFileSync("which", ["chromium"]).toString().trim();
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const opened = performance.now();
await page.goto("http://127.0.0.1:4198/podlab/");
await page.getByRole("slider").waitFor();
console.log(`interactive after ${(performance.now() - opened).toFixed(0)} ms`);

const text = readFileSync(new URL("../benches/three-containers.yaml", import.meta.url), "utf8");
const measured = await page.evaluate(async ({ text, rounds }) => {
  // Through the text area that stands behind the rich editor: what is measured is the way from a text to the picture.
  const area = document.querySelector("textarea");
  const type = (value) => {
    area.value = value;
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const frame = () => new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
  type(text);
  await frame();
  const times = [];
  for (let i = 0; i < rounds; i++) {
    await frame();
    const begun = performance.now();
    type(text + "#".repeat((i % 7) + 1));
    await new Promise((r) => setTimeout(r, 0));
    document.querySelector(".tl").getBoundingClientRect();
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b);
}, { text, rounds: 200 });
const at = (share) => measured[Math.floor(measured.length * share)].toFixed(1);
console.log(`keystroke to laid-out timeline: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (three containers, 10 minutes of life, ${measured.length} keystrokes)`);
await browser.close();
server.close();
console.log(execFileSync(new URL("../.ci/size", import.meta.url).pathname, { env: { ...process.env, PODLAB_BUDGET: "10000000" } }).toString());
