import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const POD = (command) => `apiVersion: v1
kind: Pod
metadata: {name: demo}
spec:
  containers:
  - name: app
    image: busybox:1.36
    command: [sh, -c, "${command}"]
`;

/** All of the text anew, as by selecting everything and pasting. */
async function retype(page, editor, text) {
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** The lab as a visitor handles it: by what things are and say. */
class Lab {
  constructor(page, phone) {
    this.page = page;
    this.phone = phone;
    this.editor = page.getByRole("textbox", { name: "Manifest, YAML" });
    this.timeline = page.getByRole("slider", { name: /^Timeline/ });
    this.output = page.getByRole("tabpanel");
  }
  async open(path = "") {
    await this.page.goto(path);
    await expect(this.page.getByRole("link", { name: "Podlab" })).toBeVisible();
    if (!path.includes("course")) await expect(this.page.locator(".cm-content")).toBeAttached();
  }
  /** On a phone one part is shown at a time. */
  async part(name) {
    if (this.phone) await this.page.getByRole("navigation", { name: "Parts of the lab" }).getByRole("button", { name }).click();
  }
  async type(text) {
    await this.part("YAML");
    await retype(this.page, this.editor, text);
  }
}

test.beforeEach(async ({ page }, info) => {
  const problems = [];
  page.on("pageerror", (e) => problems.push(String(e)));
  page.problems = problems;
  info.lab = new Lab(page, info.project.name === "phone");
});

test.afterEach(({ page }) => expect(page.problems).toEqual([]));

test("an edited manifest becomes another life", async ({ page }, { lab }) => {
  await lab.open();
  await lab.type(POD("sleep 3; exit 7"));
  await lab.part("Timeline");
  await expect(lab.timeline.getByText("exit code 7").first()).toBeAttached();
  await lab.type(POD("sleep infinity"));
  await lab.part("Timeline");
  await expect(lab.timeline.getByText("exit code 7")).toHaveCount(0);
});

test("the playhead moves by pointer and by keys, and kubectl follows", async ({ page }, { lab }) => {
  await lab.open();
  await lab.type(POD("sleep 3; exit 7"));
  await lab.part("Timeline");
  const box = await lab.timeline.boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const late = Number(await lab.timeline.getAttribute("aria-valuenow"));
  expect(late).toBeGreaterThan(80);
  await lab.timeline.press("Home");
  await expect(lab.timeline).toHaveAttribute("aria-valuenow", "0");
  for (let i = 0; i < 45; i++) await lab.timeline.press("ArrowRight");
  await expect(lab.timeline).toHaveAttribute("aria-valuetext", "4.50 seconds");
  await lab.part("kubectl");
  await expect(lab.output).toContainText(/demo\s+1\/1\s+Running\s+1/);
});

test("broken YAML keeps the last good life and says where it broke", async ({ page }, { lab }) => {
  await lab.open();
  await lab.type(POD("sleep 3; exit 7"));
  await lab.type(POD("sleep 3; exit 7").replace("containers:", "contaners:"));
  const finding = page.getByRole("list", { name: "Findings" }).getByRole("button").first();
  await expect(finding).toContainText("Line 5");
  await expect(finding).toContainText("containers");
  await lab.part("Timeline");
  await expect(lab.timeline.getByText("exit code 7").first()).toBeAttached();
  await expect(page.getByRole("status").filter({ hasText: "before the text broke" })).toBeVisible();
});

test("the text survives a reload, and a link carries it elsewhere", async ({ page, browser }, { lab, project }) => {
  await lab.open();
  const text = POD("echo kept; sleep infinity");
  await lab.type(text);
  await page.reload();
  await lab.part("YAML");
  await expect(lab.editor).toContainText("echo kept");
  expect(await page.evaluate(() => localStorage.getItem("podlab.v1.lab"))).toBe(text);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page).toHaveURL(/#\/lab\/1\./);
  const elsewhere = await browser.newContext({ viewport: project.use.viewport });
  const other = new Lab(await elsewhere.newPage(), project.name === "phone");
  await other.open(page.url());
  await other.part("YAML");
  await expect(other.editor).toContainText("echo kept");
  await elsewhere.close();
});

test("an example is opened from the menu", async ({ page }, { lab }) => {
  await lab.open();
  await lab.part("YAML");
  await page.getByRole("combobox", { name: "Examples" }).selectOption({ label: "A liveness probe that fails" });
  await expect(lab.editor).toContainText("livenessProbe");
});

test("the timeline plays, stops at the end, and is a table too", async ({ page }, { lab }) => {
  await lab.open();
  await lab.part("Timeline");
  const slider = page.getByRole("slider", { name: /^Timeline/ });
  const before = Number(await slider.getAttribute("aria-valuenow"));
  const speed = page.getByRole("button", { name: "Speed" });
  if (await speed.isVisible()) await speed.click();
  await page.getByRole("button", { name: "Play" }).click();
  await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThan(before + 3);
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toHaveAttribute("aria-pressed", "false");
  await slider.press("t");
  const table = page.getByRole("region", { name: "The same life as a table" });
  await expect(table.getByRole("row").nth(1)).toContainText("0.00 s");
  await slider.press("?");
  await expect(page.getByRole("note", { name: "Keys" })).toContainText("previous and next change");
  const found = await new AxeBuilder({ page }).analyze();
  expect(found.violations.map((v) => v.id)).toEqual([]);
  await slider.press("Escape");
  await expect(page.getByRole("note", { name: "Keys" })).toHaveCount(0);
});

for (const scheme of ["light", "dark"]) {
  test(`nothing stands in anybody's way (${scheme})`, async ({ page }, { lab }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const path of ["", "#/course"]) {
      await lab.open(path);
      await page.waitForLoadState("networkidle");
      await expect(page.locator("h1").first()).toBeAttached();
      const found = await new AxeBuilder({ page }).analyze();
      expect(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`)).toEqual([]);
    }
  });
}

test("advice is quiet, shows its place and mends what it can", async ({ page }, { lab }) => {
  await lab.open();
  await lab.type("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: web\n    image: nginx:1.25\n    resources: {requests: {cpu: 10m, memory: 20Mi}}\n    # keep this\n    readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2, timeoutSeconds: 5}\n");
  const advice = page.locator(".advice");
  await expect(advice.locator("summary")).toHaveText("2 pieces of advice");
  await advice.locator("summary").click();
  const one = advice.getByRole("listitem").filter({ hasText: "the time-out is longer than the period of 2 s" });
  await expect(one.getByRole("link", { name: "Lesson" })).toHaveAttribute("href", "#/exercise/blank-probe");
  await new AxeBuilder({ page }).analyze().then((found) => expect(found.violations.map((v) => v.id)).toEqual([]));
  await one.getByRole("button", { name: "Mend it" }).click();
  await expect(advice.locator("summary")).toHaveText("1 piece of advice");
  await expect(lab.editor).toContainText("timeoutSeconds: 2");
  await expect(lab.editor).toContainText("# keep this");
});

test("the world is a form over the text", async ({ page }, { lab }) => {
  await lab.open();
  await lab.part("YAML");
  await page.getByRole("button", { name: "World" }).click();
  const world = page.getByRole("region", { name: "World" });
  await world.getByLabel("From").fill("3s");
  await page.keyboard.press("Tab");
  await expect(world.getByLabel("Until")).toBeFocused();
  await page.getByRole("group", { name: "Documents" }).getByRole("button", { name: "Scenario", exact: true }).click();
  await expect(lab.editor).toContainText("from: 3s");
  await lab.part("Timeline");
  await expect(lab.timeline.getByText("Error")).toHaveCount(0);
  await lab.part("YAML");
  await new AxeBuilder({ page }).analyze().then((found) => expect(found.violations.map((v) => v.id)).toEqual([]));
  await world.getByRole("button", { name: "Add to Images" }).click();
  await world.getByLabel("Crashes after").fill("7s");
  await page.keyboard.press("Tab");
  await expect.poll(() => page.evaluate(() => localStorage["podlab.v1.lab"])).toContain("- {image: 'shop:1', crash: {after: 7s}}");
  await world.getByRole("button", { name: "Remove 1 of Images" }).click();
  await expect.poll(() => page.evaluate(() => localStorage["podlab.v1.lab"])).not.toContain("images:");
});

test("a kubectl command is answered at the playhead", async ({ page }, { lab }) => {
  await lab.open();
  await lab.part("kubectl");
  await page.getByRole("tab", { name: "Terminal" }).click();
  await expect(lab.output).toContainText("terminationGracePeriodSeconds: 30");
  const line = lab.output.getByRole("combobox", { name: "Command" });
  await line.fill("kubectl get pod shop -o jsonpath='{.status.phase}'");
  await page.keyboard.press("Enter");
  await expect(lab.output).toContainText("Pending");
  await line.fill("kubectl get nonsense");
  await page.keyboard.press("Enter");
  await expect(lab.output).toContainText("the server doesn't have a resource type \"nonsense\"");
  await new AxeBuilder({ page }).analyze().then((found) => expect(found.violations.map((v) => v.id)).toEqual([]));
});

test("a part that cannot be had is told, and the first life stands without it", async ({ page }, { lab }) => {
  await page.route("**/*-desk.wasm", (route) => route.abort());
  await page.goto("");
  await lab.part("Timeline");
  await expect(lab.timeline.getByText("host db appears")).toBeVisible();
  await page.goto("#/course");
  await expect(page.getByRole("status")).toContainText("A part of this page could not be loaded");
});

test("marks tell why: a refused change, an exit, a probe's run", async ({ page }, { lab }) => {
  await lab.open();
  await lab.type(`${POD("sleep 9; exit 7")}    readinessProbe: {exec: {command: ["true"]}}
---
apiVersion: podlab/v1
kind: Scenario
spec:
  duration: 20s
  actions:
  - {at: 5s, patch: {kind: Pod, name: demo, patch: {spec: {containers: [{name: app, env: [{name: A, value: b}]}]}}}}
`);
  await lab.part("Timeline");
  const why = page.getByRole("region", { name: "Why" });
  await lab.timeline.locator(".world path").first().click();
  await expect(why).toContainText("pod updates may not change fields other than");
  await expect(why.locator("pre")).toContainText('+     "Name": "A",');
  await why.getByRole("button", { name: "Go to the line" }).click();
  await expect(page.locator(".cm-activeLine")).toContainText("at: 5s");
  await lab.part("Timeline");
  await lab.timeline.locator(".exit text").first().click();
  await expect(why).toContainText("code 7");
  // A pixel wide: what is hardly beside the pointer counts.
  const box = await lab.timeline.locator(".pp").first().evaluate((line) => {
    line.scrollIntoView({ block: "center" });
    return line.getBoundingClientRect();
  });
  await page.mouse.click(box.x + 3, box.y + box.height / 2);
  await expect(why).toContainText("readiness probe");
  await lab.timeline.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(why).toContainText("Pod demo");
  await page.keyboard.press("Escape");
  await expect(why).toHaveCount(0);
});

test("an event leads to its reasons, and these to the line", async ({ page }, { lab }) => {
  await lab.open();
  await lab.type(POD("sleep 2; exit 7").replace("busybox:1.36", "busybox:no-such"));
  await lab.part("kubectl");
  await page.getByRole("tab", { name: "Events" }).click();
  await lab.output.getByRole("button", { name: /Failed to pull image/ }).click();
  const why = page.getByRole("region", { name: "Why" });
  await expect(why).toContainText("busybox:no-such");
  await why.getByRole("button", { name: "Go to the line" }).first().click();
  await expect(lab.editor).toBeFocused();
  await expect(page.locator(".cm-activeLine")).toContainText("busybox:no-such");
});
