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
