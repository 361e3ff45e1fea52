import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

const open = async (page, info) => {
  await page.goto("");
  await expect(page.locator(".cm-content")).toBeAttached();
  if (info.project.name === "phone") await page.getByRole("navigation", { name: "Parts of the lab" }).getByRole("button", { name: "YAML" }).click();
  const editor = page.getByRole("textbox", { name: "Manifest, YAML" });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  return editor;
};

test("fields and values are completed where they fit", async ({ page }, info) => {
  const editor = await open(page, info);
  await page.keyboard.insertText("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx:1.25\n    ");
  await page.keyboard.type("imageP");
  const list = page.getByRole("listbox");
  await expect(list.getByRole("option")).toHaveCount(1);
  await expect(list).toContainText("imagePullPolicy");
  await expect(page.locator(".cm-completionInfo")).toContainText("When the image is pulled");
  await new AxeBuilder({ page }).analyze().then((found) => expect(found.violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target)}`)).toEqual([]));
  await page.keyboard.press("Enter");
  await page.keyboard.type("N");
  await list.getByRole("option", { name: "Never" }).click();
  await expect(editor).toContainText("imagePullPolicy: Never");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(editor).not.toContainText("imagePullPolicy: Never");
});

test("a field explains itself", async ({ page }, info) => {
  await open(page, info);
  await page.keyboard.insertText("apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  restartPolicy: Never\n  containers:\n  - {name: app, image: nginx}\n");
  await page.locator(".cm-line").filter({ hasText: "restartPolicy" }).locator("span").first().hover();
  const told = page.locator(".cm-explain");
  await expect(told).toContainText("spec.restartPolicy");
  await expect(told).toContainText("Always, OnFailure, Never");
});

const POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx:1.25\n";

test("a snippet brings a part with places to fill in", async ({ page }, info) => {
  const editor = await open(page, info);
  await page.keyboard.insertText(POD + "    ");
  await page.keyboard.type("probe");
  await page.getByRole("option", { name: "probe readiness" }).click();
  await expect(editor).toContainText("httpGet: {path: /ready, port: 80}");
  await page.keyboard.type("/up");
  await page.keyboard.press("Tab");
  await page.keyboard.type("8080");
  await expect(editor).toContainText("httpGet: {path: /up, port: 8080}");
});

test("documents are tabs, and each is edited by itself", async ({ page }, info) => {
  const editor = await open(page, info);
  const service = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: [{port: 80}], prots: []}\n";
  await page.keyboard.insertText(`${POD}---\n${service}`);
  const tabs = page.getByRole("group", { name: "Documents" });
  await tabs.getByRole("button", { name: "Service shop", exact: true }).click();
  await expect(editor).not.toContainText("nginx");
  const findings = page.getByRole("list", { name: "Findings" });
  await expect(findings).toContainText("Line 4");
  await tabs.getByRole("button", { name: "Pod web", exact: true }).click();
  await expect(editor).toContainText("nginx");
  await expect(findings).toContainText("Document 2, line 4");
  await findings.getByRole("button").first().click();
  await expect(editor).toContainText("prots");
  await page.keyboard.type("targetPorts");
  await tabs.getByRole("button", { name: "All" }).click();
  await expect(editor).toContainText("targetPorts");
  await expect(editor).toContainText("nginx");
  await page.getByRole("button", { name: "Add a document" }).click();
  await expect(editor).toHaveText("");
  await tabs.getByRole("button", { name: "Service shop", exact: true }).click();
  await page.getByRole("button", { name: "Remove Service shop" }).click();
  await expect(editor).not.toContainText("targetPorts");
  await editor.click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(editor).toContainText("targetPorts");
});

test("a text is laid out anew with its comments, and that can be undone", async ({ page }, info) => {
  const editor = await open(page, info);
  const crooked = "kind:   Pod\napiVersion: v1\nmetadata:\n      name: web # of the shop\nspec:\n    containers:\n      -   {name: app, image: nginx:1.25}\n";
  await page.keyboard.insertText(crooked);
  await page.getByRole("button", { name: "Format" }).click();
  await expect(page.locator(".cm-line").nth(3)).toHaveText("  name: web # of the shop");
  await expect(page.locator(".cm-line").nth(6)).toHaveText("  - {name: app, image: nginx:1.25}");
  await editor.click();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.locator(".cm-line").nth(3)).toHaveText("      name: web # of the shop");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("kind: [");
  await page.getByRole("button", { name: "Format" }).click();
  await expect(page.getByText("The text stays as it is")).toBeVisible();
  await expect(editor).toContainText("kind: [");
});

test("files are opened beside what is there, and saved", async ({ page }, info) => {
  const editor = await open(page, info);
  await page.keyboard.insertText(POD);
  const file = (name) => ({ name: `${name}.yaml`, mimeType: "text/yaml", buffer: Buffer.from(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`) });
  await page.locator('input[type="file"]').setInputFiles([file("one"), file("two")]);
  const tabs = page.getByRole("group", { name: "Documents" });
  for (const name of ["Pod web", "ConfigMap one", "ConfigMap two"]) await expect(tabs.getByRole("button", { name, exact: true })).toBeAttached();
  await expect(editor).toContainText("name: two");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save" }).click();
  expect((await download).suggestedFilename()).toBe("manifest.yaml");
});

test("a field leads to its first moment, and what is stored tells its defaults", async ({ page }, info) => {
  const editor = await open(page, info);
  await page.keyboard.insertText(POD + "    command: [sh, -c, 'sleep 7; exit 3']\n");
  await editor.getByText("exit 3").click();
  await page.keyboard.press("F12");
  if (info.project.name === "phone") await page.getByRole("navigation", { name: "Parts of the lab" }).getByRole("button", { name: "Timeline" }).click();
  await expect(page.getByRole("region", { name: "Why" })).toContainText("code 3");
  if (info.project.name === "phone") await page.getByRole("navigation", { name: "Parts of the lab" }).getByRole("button", { name: "kubectl" }).click();
  await page.getByRole("tab", { name: "Stored" }).click();
  const stored = page.getByRole("tabpanel");
  await expect(stored).toContainText("restartPolicy: Always  # default");
  await expect(stored).toContainText("imagePullPolicy: IfNotPresent  # default");
  await expect(stored).not.toContainText("image: nginx:1.25  # default");
});
