import { describe, expect, it } from "vitest";
import { factsOf } from "./facts";

const show = (attributes: Record<string, string>) =>
  factsOf(attributes).map(({ name, value, href }) => `${name}: ${value}${href ? ` -> ${href}` : ""}`);

describe("what we know of a customer", () => {
  it.each([
    [{}, []],
    [{ page: "https://shop.example/cart", page_title: "Cart" }, ["On page: Cart -> https://shop.example/cart"]],
    [{ page: "https://shop.example/cart" }, ["On page: https://shop.example/cart -> https://shop.example/cart"]],
    [{ page: "javascript:alert(1)", page_title: "Cart" }, ["On page: Cart"]],
    [
      { zip_code: "10115", plan: "Pro", browser: "Firefox 130" },
      ["Plan: Pro", "Browser: Firefox 130", "Zip code: 10115"],
    ],
    [{ locale: "de-DE" }, ["Language: German (Germany)"]],
    [{ locale: "not a locale" }, ["Language: not a locale"]],
    [{ plan: "" }, []],
  ] as [Record<string, string>, string[]][])("%j", (attributes, expected) => {
    expect(show(attributes)).toEqual(expected);
  });

  it("say first, and as no more than that, what the customer told and nobody vouched for", () => {
    const facts = factsOf({ company: "Navy", told_email: "g@navy.example", told_name: "Grace" });
    expect(facts.map((one) => [one.name, one.value])).toEqual([
      ["Calls themselves", "Grace"],
      ["Gives as e-mail", "g@navy.example"],
      ["Company", "Navy"],
    ]);
  });
});
