import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const clean = async (page) => {
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
};

const check = (page) => page.getByRole("button", { name: "Check the answer" }).click();
const again = (page) => page.getByRole("button", { name: "Try again" }).click();
const verdict = (page) => page.getByRole("status").filter({ hasText: "of 1 point" });

/** From a wrong answer over a reload to the right one. */
async function fromWrongToRight(page, id, wrong, right) {
  await page.goto(`#/exercise/${id}`);
  await wrong();
  await check(page);
  await expect(verdict(page)).toContainText("Not yet");
  await clean(page);
  await again(page);
  await right();
  await page.reload();
  await check(page);
  await expect(verdict(page)).toContainText("Right: 1.00 of 1 point");
  await expect(page.getByRole("region", { name: "Debrief" })).toBeVisible();
  await clean(page);
}

test("several right options", async ({ page }) => {
  const tick = async (...names) => {
    for (const name of names) await page.getByLabel(name).check();
  };
  await fromWrongToRight(
    page,
    "multiple-shared",
    () => tick(/The IP address/, /The memory limit/),
    () => tick(/The IP address/, /^localhost/, /Volumes that both/),
  );
});

test("pairs", async ({ page }) => {
  const choose = async (rights) => {
    const fields = page.getByRole("combobox");
    await expect(fields).toHaveCount(rights.length);
    for (const [i, right] of rights.entries()) await fields.nth(i).selectOption(right);
  };
  const right = ["ErrImagePull", "CrashLoopBackOff", "CreateContainerConfigError", "RunContainerError", "Init:CrashLoopBackOff"];
  await fromWrongToRight(page, "match-status", () => choose([...right].reverse()), () => choose(right));
});

test("gaps", async ({ page }) => {
  const fill = async (texts) => {
    const fields = page.locator(".gaps").getByRole("textbox");
    await expect(fields).toHaveCount(texts.length);
    for (const [i, text] of texts.entries()) await fields.nth(i).fill(text);
  };
  await fromWrongToRight(page, "blank-back-off", () => fill(["10", "80", "60", "Error"]), () => fill(["41", "4", "300 s", "crashloopbackoff"]));
});

test("a free answer is compared with key points, and the learner has the last word", async ({ page }) => {
  await page.goto("#/exercise/rubric-liveness");
  const answer = page.getByLabel("Your answer");
  await answer.fill("No.");
  await page.reload();
  await expect(answer).toHaveValue("No.");
  await answer.fill("A failed one makes the kubelet restart the container, which helps against a deadlock.");
  await check(page);
  await expect(verdict(page)).toContainText("Not yet: 0.40");
  await clean(page);
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await expect(verdict(page)).toContainText("Right: 1.00");
});

test("a prediction is compared with the engine, in another case each time", async ({ page }) => {
  await page.goto("#/exercise/predict-first-crash");
  const fill = async (ready, status, restarts) => {
    await page.getByLabel("READY").fill(ready);
    await page.getByLabel("STATUS").selectOption(status);
    await page.getByLabel("RESTARTS").fill(restarts);
  };
  await expect(page.getByText("3 s after it was created")).toBeVisible();
  await fill("0/1", "Pending", "0");
  await check(page);
  await expect(verdict(page)).toContainText("Not yet");
  await again(page);
  await expect(page.getByText("8 s after it was created")).toBeVisible();
  await fill("1/1", "Running", "1");
  await page.reload();
  await expect(page.getByText("8 s after it was created")).toBeVisible();
  await check(page);
  await expect(verdict(page)).toContainText("Right: 1.00");
  await clean(page);
});

test("a debug item asks for the cause and for the repair", async ({ page }) => {
  await page.goto("#/exercise/debug-crash-loop");
  await expect(page.locator(".cm-content")).toBeVisible();
  await page.getByLabel(/liveness probe fails before the app listens/).check();
  const button = page.getByRole("button", { name: /^Check in/ });
  await expect(button).toBeDisabled();
  await page.getByRole("textbox", { name: "Manifest, YAML" }).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("      initialDelaySeconds: 30\n");
  await page.reload();
  await expect(page.getByLabel(/liveness probe fails before the app listens/)).toBeChecked();
  await expect(button).toBeEnabled();
  await button.click();
  await expect(page.getByRole("status").filter({ hasText: "Solved: 1.00" })).toBeVisible();
  await clean(page);
});

test("progress is saved to a file and taken into another browser", async ({ page }) => {
  await page.goto("#/exercise/choice-pause");
  await page.getByLabel(/the sandbox holds it/).check();
  await page.getByRole("button", { name: "Answer" }).click();
  await page.goto("#/course");
  const link = page.getByRole("link", { name: /What holds a pod’s network/ });
  await expect(link).toContainText("solved");
  await clean(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save to a file" }).click();
  const path = await (await download).path();
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await expect(link).not.toContainText("solved");
  await page.locator("input[type=file]").setInputFiles({ name: "foreign.json", mimeType: "application/json", buffer: Buffer.from("{}") });
  await expect(page.getByRole("status")).toContainText("no progress file");
  await page.locator("input[type=file]").setInputFiles(path);
  await expect(page.getByRole("status")).toContainText("taken over");
  await page.reload();
  await expect(link).toContainText("solved");
});

test("another case asks the same with other numbers", async ({ page }) => {
  await page.goto("#/exercise/blank-grace");
  const fields = page.locator(".gaps").getByRole("textbox");
  const solve = async (texts) => {
    for (const [i, text] of texts.entries()) await fields.nth(i).fill(text);
    await check(page);
    await expect(verdict(page)).toContainText("Right: 1.00 of 1 point");
  };
  await solve(["10", "30", "137", "35"]);
  await page.getByRole("button", { name: "Another case" }).click();
  await expect(page.getByText("Case 2 of 3")).toBeVisible();
  await expect(fields.nth(0)).toHaveValue("");
  await solve(["15", "35", "0", "35"]);
  await clean(page);
  await page.reload();
  await expect(page.getByText("Case 2 of 3")).toBeVisible();
});
