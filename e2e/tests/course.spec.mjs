import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";

/** All of the text anew, as by selecting everything and pasting. */
async function retype(page, editor, text) {
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** A stored answer of the lab, by the words that describe it. */
function stored(about) {
  const lines = readFileSync(new URL("../../content/items/lab-mesh-race.yaml", import.meta.url), "utf8").split("\n");
  const start = lines.findIndex((l) => l.includes(about));
  const from = lines.findIndex((l, i) => i > start && l.trim() === "manifest: |") + 1;
  const length = lines.slice(from).findIndex((l) => l !== "" && !l.startsWith("      "));
  return lines.slice(from, length < 0 ? undefined : from + length).map((l) => l.slice(6)).join("\n");
}

const clean = async (page) => {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
};

test("the lab fails, shows the moment, and is solved", async ({ page }) => {
  await page.goto("#/course");
  await page.getByRole("link", { name: /The app must wait for its proxy/ }).click();
  const checks = page.getByRole("region", { name: "Checks" });
  const editor = page.getByRole("textbox", { name: "Manifest, YAML" });
  await expect(page.locator(".cm-content")).toBeVisible();
  await retype(page, editor, stored("a sidecar without a startup probe"));
  const failed = checks.getByRole("listitem").filter({ hasText: "app starts only when proxy listens" });
  await expect(failed).toContainText("too early");
  await failed.getByRole("button", { name: "Show me the moment" }).click();
  await expect(page.getByRole("slider", { name: /^Timeline/ })).toHaveAttribute("aria-valuenow", "0");
  await expect(page.getByRole("button", { name: /^Check in/ })).toBeDisabled();
  await clean(page);
  await page.getByRole("button", { name: "Show hint 1" }).click();
  await expect(page.getByRole("region", { name: "Hints" })).toContainText("1 of 3 shown");
  await retype(page, editor, stored("a native sidecar with a startup probe"));
  await expect(checks.getByRole("listitem").filter({ hasText: "Failed:" })).toHaveCount(0);
  await page.reload();
  await expect(editor).toContainText("startupProbe");
  await page.getByRole("button", { name: /^Check in/ }).click();
  await expect(page.getByRole("status").filter({ hasText: "Solved" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Debrief" })).toContainText("In the interview");
  await clean(page);
  await page.goto("#/course");
  await expect(page.getByRole("link", { name: /The app must wait for its proxy/ })).toContainText("solved");
});

test("a choice explains every answer", async ({ page }) => {
  await page.goto("#/exercise/choice-sidecar-started");
  await page.getByLabel(/Ready/).check();
  await page.getByRole("button", { name: "Answer" }).click();
  await expect(page.getByRole("status")).toContainText("Not this one");
  await expect(page.getByText("Readiness counts for the READY column")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByLabel(/At once/).check();
  await page.reload();
  await page.getByRole("button", { name: "Answer" }).click();
  await expect(page.getByRole("status")).toContainText("Right");
  await clean(page);
});

test("an ordering is put right with the keyboard", async ({ page }) => {
  await page.goto("#/exercise/order-delete-pod");
  const right = ["The API server sets", "The pod's endpoint", "preStop of app begins", "app gets SIGTERM", "app exits", "proxy gets SIGTERM", "The pod object is removed"];
  const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps).toHaveCount(right.length);
  await page.getByRole("button", { name: "Check the order" }).click();
  await expect(page.getByRole("status")).toContainText("Not yet");
  for (const [place, text] of right.entries()) {
    for (let guard = 0; guard < right.length; guard++) {
      const texts = await steps.allTextContents();
      const now = texts.findIndex((t) => t.includes(text));
      if (now <= place) break;
      await steps.nth(now).getByRole("button", { name: /: up$/ }).press("Enter");
    }
  }
  await page.reload();
  await expect(steps).toHaveCount(right.length);
  await page.getByRole("button", { name: "Check the order" }).click();
  await expect(page.getByRole("status")).toContainText("Right");
  await clean(page);
});

test("a link to an exercise that does not exist says so", async ({ page }) => {
  await page.goto("#/exercise/nothing");
  await expect(page.getByRole("heading", { name: "This exercise cannot be shown" })).toBeVisible();
});
