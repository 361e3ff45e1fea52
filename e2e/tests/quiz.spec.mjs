import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";

const clean = async (page) => {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
};

const question = (page, heading) => page.getByRole("region", { name: /^Question/ }).filter({ has: page.getByRole("heading", { name: heading }) });

/** Takes the quiz behind a link and returns the file that is handed in. */
async function take(page, link, learner, answers) {
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByLabel(/Your name/).fill(learner);
  await page.getByRole("button", { name: "Begin" }).click();
  await question(page, "What holds a pod’s network?").getByLabel(answers.choice).check();
  const gaps = question(page, "How long are the waits?").getByRole("textbox");
  for (const [i, text] of answers.gaps.entries()) await gaps.nth(i).fill(text);
  await page.reload();
  await expect(question(page, "How long are the waits?").getByRole("textbox").nth(0)).toHaveValue(answers.gaps[0]);
  await clean(page);
  await page.getByRole("button", { name: "Finish" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save my answers" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text).not.toContain("score");
  await page.evaluate(() => localStorage.clear());
  return { name: `${learner}.json`, mimeType: "application/json", buffer: Buffer.from(text) };
}

test("a quiz from making to the gradebook of three learners", async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto("#/quiz");
  await page.getByLabel("Title").fill("Friday");
  await page.getByLabel(/Exam/).check();
  await page.getByLabel(/What holds a pod’s network/).check();
  await page.getByLabel(/How long are the waits/).check();
  await clean(page);
  const link = await page.getByRole("link", { name: "Open the quiz" }).getAttribute("href");
  const right = { choice: /the sandbox holds it/, gaps: ["45", "4", "300", "CrashLoopBackOff"] };
  const files = [
    await take(page, link, "Ada", right),
    await take(page, link, "Bob", { ...right, gaps: ["45", "4", "10", "Error"] }),
    await take(page, link, "Cem", { choice: /running container/, gaps: ["9", "9", "9", "9"] }),
    { name: "damaged.json", mimeType: "application/json", buffer: Buffer.from('{"podlab": "result", "learner": "Eve"') },
    { name: "foreign.json", mimeType: "application/json", buffer: Buffer.from('{"hello": 1}') },
  ];
  const changed = files[2].buffer.toString().replace("Cem", "Dot");
  files.push({ name: "changed.json", mimeType: "application/json", buffer: Buffer.from(changed) });
  await page.goto("about:blank");
  await page.goto("#/gradebook");
  await page.locator("input[type=file]").setInputFiles(files);
  const table = page.getByRole("table");
  await expect(table.getByRole("row", { name: /^Ada/ })).toContainText("2.00");
  await expect(table.getByRole("row", { name: /^Bob/ })).toContainText("1.50");
  await expect(table.getByRole("row", { name: /^Cem/ })).toContainText("0.00");
  const told = page.getByRole("region", { name: "Files that were not taken" });
  await expect(told).toContainText("foreign.json This is no result of Podlab");
  await expect(told).toContainText("changed.json This result is damaged or was changed");
  await expect(told.getByRole("listitem")).toHaveCount(3);
  await clean(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const csv = readFileSync(await (await download).path(), "utf8");
  expect(csv.split("\n")[0]).toBe("learner,choice-pause,blank-back-off,sum");
  expect(csv).toContain("Bob,1.00,0.50,1.50");
});

test("practice tells at once what is right", async ({ page }) => {
  await page.goto("#/quiz");
  await page.getByLabel(/What do the containers of a pod share/).check();
  await page.getByRole("link", { name: "Open the quiz" }).click();
  await page.getByLabel(/Your name/).fill("Ada");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.getByLabel(/The IP address/).check();
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByRole("status")).toContainText("0.33 of 1 point");
  await page.getByLabel(/^localhost/).check();
  await page.getByLabel(/Volumes that both/).check();
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByRole("status")).toContainText("1.00 of 1 point");
});

test("a broken quiz link says so", async ({ page }) => {
  await page.goto("#/quiz/1.0.abc");
  await expect(page.getByRole("heading", { name: "This quiz cannot be opened" })).toBeVisible();
});

test("a myth is refuted by two runs side by side", async ({ page }) => {
  await page.goto("#/myths");
  await expect(page.getByRole("listitem").filter({ has: page.getByRole("link", { name: /“/ }) })).toHaveCount(12);
  await clean(page);
  await page.getByRole("link", { name: /the whole pod restarts/ }).click();
  const runs = page.locator(".runs > section");
  await expect(runs).toHaveCount(2);
  await expect(runs.nth(0)).toContainText("helper never restarts");
  await expect(runs.nth(0).getByRole("slider", { name: /^Timeline/ })).toBeVisible();
  await page.getByRole("link", { name: "Practise it" }).click();
  await expect(page.getByRole("heading", { name: "What do the containers of a pod share?" })).toBeVisible();
});
