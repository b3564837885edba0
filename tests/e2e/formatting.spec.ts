// Messages with formatting: written as Markdown, by key or by button, pasted, and read by colleagues and customers.
import { expect, test, unique } from "./support/world";

test("what is written as Markdown reaches the customer formatted, and Enter sends", async ({ agent, customer }) => {
  const question = unique("Which size?");
  const guest = await customer();
  await guest.begin(question);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);

  const { keyboard } = maya.page;
  await maya.composer.pressSequentially("Take the **large** one, see [the table](shop.example/sizes):");
  await keyboard.press("Shift+Enter");
  await maya.composer.pressSequentially("- fits `M` and");
  await keyboard.press("Shift+Enter");
  await keyboard.press("Control+b");
  await keyboard.type("L");
  await keyboard.press("Control+b");
  await keyboard.press("Enter");
  await expect(maya.composer).toHaveText("");

  for (const thread of [maya.messages, guest.log]) {
    await expect(thread.locator("strong").first()).toHaveText("large");
    await expect(thread.getByRole("listitem")).toHaveText(["fits M and", "L"]);
    await expect(thread.locator("code")).toHaveText("M");
    await expect(thread.getByRole("link", { name: "the table" })).toHaveAttribute("href", "https://shop.example/sizes");
  }
  expect(await maya.stored(maya.conversation_id)).toEqual([
    question,
    "Take the large one, see the table (https://shop.example/sizes):\n- fits M and\n- L",
  ]);
  // Nothing of it can be taken back into the next message.
  await keyboard.press("Control+z");
  await expect(maya.composer).toHaveText("");
});

test("a colleague is mentioned in a note, which the customer does not see", async ({ agent, customer }) => {
  const question = unique("Where is my order?");
  const guest = await customer();
  await guest.begin(question);
  const maya = await agent("maya");
  const tom = await agent("tom");
  for (const one of [maya, tom]) {
    await one.go("/inbox/all");
    await one.openRow(question);
  }
  const { keyboard } = maya.page;
  await maya.composer.pressSequentially("@to");
  await expect(maya.page.getByRole("listbox")).toHaveCount(0);
  await maya.composer.fill("");
  await maya.page.getByRole("button", { name: "Note" }).click();
  await maya.note.pressSequentially("Ask @to");
  await expect(maya.page.getByRole("listbox", { name: "Colleagues" }).getByRole("option")).toHaveText(/Tom Okafor/);
  await keyboard.press("Enter");
  await maya.note.pressSequentially("please :truc");
  await keyboard.press("Tab");
  await expect(maya.note).toHaveText("Ask @Tom Okafor please 🚚");
  await keyboard.press("Enter");
  await expect(tom.messages.locator(".mention")).toHaveText("@Tom Okafor");
  await expect(tom.messages).toContainText("please 🚚");
  expect(await maya.stored(maya.conversation_id)).toEqual([question, "Ask @Tom Okafor please 🚚"]);
  await expect(guest.log).not.toContainText("Tom Okafor");
});

test("what is pasted keeps its meaning and loses its looks", async ({ agent, customer }) => {
  const question = unique("Do you have it in blue?");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  const paste = (html: string, text = "") =>
    maya.composer.evaluate(
      (box, [html, text]) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/html", html!);
        clipboardData.setData("text/plain", text!);
        box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      },
      [html, text],
    );
  await maya.composer.click();
  await paste(
    `<meta><b style="font-weight:normal"><h2 style="color:red">Colours</h2><p style="font-size:30px"><span
      style="font-weight:700">Blue</span> and<br>green</p><ul><li><p>one</p></li></ul></b><img src=x onerror="alert(1)">
      <a href="javascript:alert(1)">no</a><script>alert(1)</script>`,
  );
  await expect(maya.composer.locator("strong")).toHaveText(["Colours", "Blue"]);
  await expect(maya.composer.getByRole("listitem")).toHaveText("one");
  await expect(maya.composer.locator("img, a, h2, [style]")).toHaveCount(0);
  await expect(maya.composer).toHaveText(/Colours\s+Blue and\s+green\s+one\s+no/, { useInnerText: true });

  // A draft stays as it was, formatting and all.
  await maya.page.reload();
  await expect(maya.composer.locator("strong")).toHaveText(["Colours", "Blue"]);
  await maya.composer.fill("");
  await maya.composer.pressSequentially("saythat");
  for (let n = 0; n < 4; n++) await maya.composer.press("ArrowLeft");
  await paste("", " one\n\nthree ");
  await maya.composer.press("Enter");
  await expect(maya.messages).toContainText("three");
  expect((await maya.stored(maya.conversation_id)).at(-1)).toBe("say one\n\nthree that");
});

test("the buttons do what the keys do, and a link is asked for", async ({ agent, customer }) => {
  const question = unique("And red?");
  await (await customer()).begin(question);
  const maya = await agent("maya");
  await maya.go("/inbox/all");
  await maya.openRow(question);
  const tools = maya.page.getByRole("toolbar", { name: "Formatting" });
  await maya.composer.pressSequentially("our shop");
  await maya.composer.press("Control+a");
  await tools.getByRole("button", { name: "Italic" }).click();
  await expect(tools.getByRole("button", { name: "Italic" })).toHaveAttribute("aria-pressed", "true");
  await tools.getByRole("button", { name: "Link" }).click();
  const address = maya.page.getByRole("textbox", { name: "Address of the link" });
  await address.fill("javascript:alert(1)");
  await address.press("Enter");
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await address.fill("shop.example");
  await address.press("Enter");
  await expect(maya.composer).toBeFocused();
  await maya.composer.press("Enter");
  const link = maya.messages.getByRole("link", { name: "our shop" });
  await expect(link).toHaveAttribute("href", "https://shop.example");
  await expect(link.locator("em")).toHaveText("our shop");
});
